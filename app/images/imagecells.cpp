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

QString originText(const engine::ImageListRow &row)
{
    QString text = row.originText.simplified();
    if (row.originKind == "image_import"_L1)
        return ImageBrowserModel::tr("from %1").arg(text.startsWith("docker://"_L1) ? text.sliced(9) : text);
    if (row.originKind == "instance"_L1)
        return ImageBrowserModel::tr("RUN %1").arg(text);
    return row.isPublic ? ImageBrowserModel::tr("built in") : QString();
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
            return ImageBrowserModel::tr("%1 (public, hidden)").arg(tag);
        return row.hidesPublic ? ImageBrowserModel::tr("%1 (hides a public one)").arg(tag) : tag;
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
    if (row.hidesPublic)
        text += u'\n' + ImageBrowserModel::tr(
                            "A public image has the same tag. Yours goes before it; remove this tag and "
                            "the public image is found again.");
    if (row.isHidden)
        text += u'\n' +
                ImageBrowserModel::tr("An image of yours has the same tag and is found instead of this one.");
    return text;
}

} // namespace cooperage::gui
