#include "app/storage/storagemodel.h"

#include "app/images/imagecells.h"
#include "app/images/imageorigin.h"
#include "app/storage/storagecontroller.h"

#include <QLocale>

namespace cooperage::gui {

using engine::StorageImage;

StorageModel::StorageModel(StorageController *controller, QObject *parent)
    : QAbstractTableModel(parent), m_controller(controller)
{
    connect(controller, &StorageController::changed, this, &StorageModel::follow);
    follow();
}

void StorageModel::follow()
{
    QStringList images;
    for (const StorageImage &image : m_controller->plan().images)
        images.append(image.uuid);
    if (images != m_shown) {
        beginResetModel();
        m_shown = images;
        endResetModel();
    } else if (!images.isEmpty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

int StorageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int StorageModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString useText(const StorageController &controller, const QString &image)
{
    if (controller.isCached(image))
        return StorageModel::tr("builds find it cached");
    if (controller.origin(image).kind == sessions::kind::run)
        return StorageModel::tr("a session's snapshot");
    return {};
}

QString StorageModel::text(int row, int column) const
{
    const StorageImage &image = m_controller->plan().images.at(row);
    const QLocale locale;
    switch (column) {
    case ImageColumn: {
        const QString origin = originText(m_controller->origin(image.uuid));
        return origin.isEmpty() ? tr("Image %1").arg(shortId(image.uuid)) : origin;
    }
    case AddsColumn:
        return locale.formattedDataSize(image.unique, 1);
    case SharesColumn:
        return locale.formattedDataSize(image.shared, 1);
    case MadeColumn:
        return agoText(image.createdAt, QDateTime::currentDateTimeUtc());
    default:
        return useText(*m_controller, image.uuid);
    }
}

QVariant StorageModel::sortKey(int row, int column) const
{
    const StorageImage &image = m_controller->plan().images.at(row);
    if (column == AddsColumn)
        return image.unique;
    if (column == SharesColumn)
        return image.shared;
    return column == MadeColumn ? QVariant(image.createdAt) : QVariant(text(row, column));
}

QVariant StorageModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const StorageImage &image = m_controller->plan().images.at(index.row());
    const bool isSize = index.column() == AddsColumn || index.column() == SharesColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(index.row(), index.column());
    case Qt::AccessibleTextRole:
        return index.column() == ImageColumn
                   ? tr("%1, adds %2").arg(text(index.row(), ImageColumn), text(index.row(), AddsColumn))
                   : text(index.row(), index.column());
    case Qt::ToolTipRole: {
        const QString place = placeText(m_controller->origin(image.uuid));
        return tr("Image %1\nMade %2\nAdds %3, shares %4 with other images%5")
            .arg(image.uuid, QLocale().toString(image.createdAt.toLocalTime(), QLocale::LongFormat),
                 text(index.row(), AddsColumn), text(index.row(), SharesColumn),
                 place.isEmpty() ? place : QChar(u'\n') + place);
    }
    case Qt::CheckStateRole:
        if (index.column() == ImageColumn)
            return m_controller->choice().kept.contains(image.uuid) ? Qt::Unchecked : Qt::Checked;
        return {};
    case Qt::TextAlignmentRole:
        return isSize ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case UuidRole:
        return image.uuid;
    case SortRole:
        return sortKey(index.row(), index.column());
    default:
        return {};
    }
}

QVariant StorageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const QString names[] = {tr("Image without a tag"), tr("Adds"), tr("Shares"), tr("Made"), tr("Use")};
    const QString tips[] = {tr("What made the image"), tr("What is freed when this image alone goes"),
                            tr("What other images have as well: it stays until the last of them goes"),
                            tr("When the image was made"), tr("What the image is still good for")};
    if (role == Qt::ToolTipRole)
        return tips[section];
    return role == Qt::DisplayRole ? QVariant(names[section]) : QVariant();
}

Qt::ItemFlags StorageModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == ImageColumn ? flags | Qt::ItemIsUserCheckable : flags;
}

bool StorageModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || m_controller->state() != StorageController::State::Ready)
        return false;
    PruneChoice choice = m_controller->choice();
    if (value.toInt() == Qt::Checked)
        choice.kept.remove(m_shown.at(index.row()));
    else
        choice.kept.insert(m_shown.at(index.row()));
    m_controller->choose(choice);
    return true;
}

void StorageModel::tickAll(bool ticked)
{
    PruneChoice choice = m_controller->choice();
    choice.kept = ticked ? QSet<QString>() : QSet<QString>(m_shown.begin(), m_shown.end());
    m_controller->choose(choice);
}

} // namespace cooperage::gui
