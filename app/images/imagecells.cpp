#include "app/images/imagecells.h"

#include "app/images/imagebrowsermodel.h"

#include <QLocale>

using namespace Qt::StringLiterals;

// What the cells of an image's row say.
namespace cooperage::gui {

QString shortId(const QString &uuid)
{
    // Ids may be made in the order of time: then their first characters are alike, their last never are.
    return u"…"_s + uuid.right(8);
}

QString agoText(const QDateTime &then, const QDateTime &now)
{
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return ImageBrowserModel::tr("just now");
    if (seconds < 3600)
        return ImageBrowserModel::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 24 * 3600)
        return ImageBrowserModel::tr("%1 h ago").arg(seconds / 3600);
    if (seconds < 7 * 24 * 3600)
        return ImageBrowserModel::tr("%1 d ago").arg(seconds / (24 * 3600));
    return QLocale().toString(then.toLocalTime().date(), QLocale::ShortFormat);
}

QString referenceOf(const engine::ImageRecord &image)
{
    return image.tag.isEmpty() ? image.uuid : image.tag;
}

QString originText(const engine::ImageListRow &row)
{
    const QString text = row.originText.simplified();
    if (row.originKind == "image_import"_L1)
        return ImageBrowserModel::tr("import of %1")
            .arg(text.startsWith("docker://"_L1) ? text.sliced(9) : text);
    if (row.originKind == "instance"_L1) // The engine knows the command, not which image it ran in.
        return ImageBrowserModel::tr("run: %1").arg(text);
    if (!row.originKind.isEmpty())
        return row.originText.section(u'\n', 0, 0);
    return row.isPublic ? ImageBrowserModel::tr("built in") : QString();
}

QString shadowText(const engine::ImageListRow &row)
{
    if (row.hidesPublic)
        return ImageBrowserModel::tr(
                   "The tag %1 is there twice: this image of yours goes before a public one. Remove the tag "
                   "here and the public image is found again.")
            .arg(row.image.tag);
    if (row.isHidden)
        return ImageBrowserModel::tr(
                   "The tag %1 is there twice: an image of yours has it too and is found instead of this "
                   "public one. Use the id to get this one.")
            .arg(row.image.tag);
    return {};
}

static QString sizeText(qint64 bytes)
{
    return bytes < 0 ? QString() : QLocale().formattedDataSize(bytes, 1);
}

QString imageCell(const engine::ImageListRow &row, int column, const QDateTime &now)
{
    switch (column) {
    case ImageBrowserModel::TagColumn: {
        const QString tag = row.image.tag.isEmpty() ? ImageBrowserModel::tr("(no tag)") : row.image.tag;
        if (row.isHidden)
            return ImageBrowserModel::tr("%1 (hidden)").arg(tag);
        return row.hidesPublic ? ImageBrowserModel::tr("%1 (hides public)").arg(tag) : tag;
    }
    case ImageBrowserModel::IdColumn:
        return shortId(row.image.uuid);
    case ImageBrowserModel::SizeColumn:
        return sizeText(row.size);
    case ImageBrowserModel::UniqueColumn:
        return sizeText(row.unique);
    case ImageBrowserModel::SharedColumn:
        return row.size < 0 ? QString() : sizeText(row.size - row.unique);
    case ImageBrowserModel::CreatedColumn:
        return agoText(row.image.createdAt, now);
    default:
        return originText(row);
    }
}

QString imageToolTip(const engine::ImageListRow &row)
{
    const QLocale locale;
    QString text =
        ImageBrowserModel::tr("%1\nImage %2\nMade %3")
            .arg(row.image.tag.isEmpty() ? ImageBrowserModel::tr("(no tag)") : row.image.tag, row.image.uuid,
                 locale.toString(row.image.createdAt.toLocalTime(), QLocale::LongFormat));
    if (row.size >= 0)
        text += u'\n' + ImageBrowserModel::tr("%1 on disk, of these %2 in no other image")
                            .arg(locale.formattedDataSize(row.size), locale.formattedDataSize(row.unique));
    if (const QString origin = originText(row); !origin.isEmpty())
        text += u'\n' + origin;
    if (const QString place = row.originText.section(u'\n', 1); !place.isEmpty())
        text += u'\n' + place;
    if (const QString shadow = shadowText(row); !shadow.isEmpty())
        text += u'\n' + shadow;
    return text;
}

} // namespace cooperage::gui
