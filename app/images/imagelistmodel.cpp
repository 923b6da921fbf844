#include "app/images/imagelistmodel.h"

#include <QHash>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

/// A row is the pair of image and tag.
std::pair<QString, QString> keyOf(const engine::ImageRecord &image)
{
    return {image.uuid, image.tag};
}

} // namespace

QString shortId(const QString &uuid)
{
    // Ids may be made in the order of time: then their first characters are alike, their last never are.
    return u"…"_s + uuid.right(8);
}

QString agoText(const QDateTime &then, const QDateTime &now)
{
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return ImageListModel::tr("just now");
    if (seconds < 3600)
        return ImageListModel::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 24 * 3600)
        return ImageListModel::tr("%1 h ago").arg(seconds / 3600);
    if (seconds < 7 * 24 * 3600)
        return ImageListModel::tr("%1 d ago").arg(seconds / (24 * 3600));
    return QLocale().toString(then.toLocalTime().date(), QLocale::ShortFormat);
}

void ImageListModel::setImages(const QList<engine::ImageRecord> &images)
{
    QHash<std::pair<QString, QString>, qsizetype> wanted;
    for (qsizetype i = 0; i < images.size(); ++i)
        wanted.insert(keyOf(images[i]), i);

    for (int row = rowCount() - 1; row >= 0; --row) {
        const auto found = wanted.constFind(keyOf(m_images[row]));
        if (found == wanted.constEnd()) {
            beginRemoveRows({}, row, row);
            m_images.removeAt(row);
            endRemoveRows();
            continue;
        }
        const engine::ImageRecord &fresh = images[*found];
        if (m_images[row] != fresh)
            m_images[row] = fresh;
        wanted.erase(found);
    }
    // Also rows that are the same: how long ago they were made is told anew.
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, CreatedColumn), index(rowCount() - 1, CreatedColumn));
    if (wanted.isEmpty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(wanted.size()) - 1);
    for (const engine::ImageRecord &image : images) {
        if (wanted.remove(keyOf(image)) > 0)
            m_images.append(image);
    }
    endInsertRows();
}

int ImageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_images.size());
}

int ImageListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ImageListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const engine::ImageRecord &image = m_images[index.row()];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        if (column == TagColumn)
            return image.tag.isEmpty() ? tr("(no tag)") : image.tag;
        return column == IdColumn ? shortId(image.uuid)
                                  : agoText(image.createdAt, QDateTime::currentDateTimeUtc());
    case SortRole:
        return column == TagColumn  ? QVariant(image.tag)
               : column == IdColumn ? QVariant(shortId(image.uuid))
                                    : QVariant(image.createdAt);
    case Qt::ToolTipRole:
        return tr("%1\nImage %2\nMade %3")
            .arg(image.tag.isEmpty() ? tr("(no tag)") : image.tag, image.uuid,
                 QLocale().toString(image.createdAt.toLocalTime(), QLocale::LongFormat));
    case UuidRole:
        return image.uuid;
    case TagRole:
        return image.tag;
    default:
        return {};
    }
}

QVariant ImageListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TagColumn:
        return tr("Tag");
    case IdColumn:
        return tr("ID");
    default:
        return tr("Made");
    }
}

} // namespace cooperage::gui
