#include "app/storage/storagemodel.h"

#include "app/images/imagecells.h"
#include "app/images/imageorigin.h"
#include "app/storage/storagecontroller.h"

#include <QLocale>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace cooperage::gui {

using engine::StorageImage;

StorageModel::StorageModel(StorageController *controller, QObject *parent)
    : QAbstractTableModel(parent), m_controller(controller)
{
    connect(controller, &StorageController::changed, this, &StorageModel::follow);
    follow();
}

// The engine may name very many: their keys are made once, not at every comparison.
QList<StorageImage> StorageModel::sorted(const QList<StorageImage> &images) const
{
    struct Key
    {
        qint64 number;
        QString text;
        qsizetype place;
    };
    std::vector<Key> keys;
    keys.reserve(size_t(images.size()));
    for (qsizetype place = 0; place < images.size(); ++place) {
        const StorageImage &image = images[place];
        switch (m_sortColumn) {
        case AddsColumn:
            keys.push_back({image.unique, {}, place});
            break;
        case SharesColumn:
            keys.push_back({image.shared, {}, place});
            break;
        case MadeColumn:
            keys.push_back({image.createdAt.toMSecsSinceEpoch(), {}, place});
            break;
        default:
            keys.push_back({0, text(image, m_sortColumn), place});
        }
    }
    std::ranges::stable_sort(keys, [this](const Key &a, const Key &b) {
        const Key &first = m_sortOrder == Qt::AscendingOrder ? a : b;
        const Key &second = m_sortOrder == Qt::AscendingOrder ? b : a;
        return std::tie(first.number, first.text) < std::tie(second.number, second.text);
    });
    QList<StorageImage> result;
    result.reserve(images.size());
    for (const Key &key : keys)
        result.append(images[key.place]);
    return result;
}

void StorageModel::follow()
{
    const QList<StorageImage> rows = sorted(m_controller->plan().images);
    if (!std::ranges::equal(rows, m_rows, {}, &StorageImage::uuid, &StorageImage::uuid)) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    } else if (!rows.isEmpty()) {
        m_rows = rows;
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

void StorageModel::sort(int column, Qt::SortOrder order)
{
    if (column == m_sortColumn && order == m_sortOrder)
        return;
    m_sortColumn = column;
    m_sortOrder = order;
    follow();
}

int StorageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
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

QString StorageModel::text(const StorageImage &image, int column) const
{
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

QVariant StorageModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const StorageImage &image = m_rows[index.row()];
    const bool isSize = index.column() == AddsColumn || index.column() == SharesColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(image, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == ImageColumn
                   ? tr("%1, adds %2").arg(text(image, ImageColumn), text(image, AddsColumn))
                   : text(image, index.column());
    case Qt::ToolTipRole: {
        const QString place = placeText(m_controller->origin(image.uuid));
        return tr("Image %1\nMade %2\nAdds %3, shares %4 with other images%5")
            .arg(image.uuid, QLocale().toString(image.createdAt.toLocalTime(), QLocale::LongFormat),
                 text(image, AddsColumn), text(image, SharesColumn),
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
        choice.kept.remove(m_rows[index.row()].uuid);
    else
        choice.kept.insert(m_rows[index.row()].uuid);
    m_controller->choose(choice);
    return true;
}

void StorageModel::tickAll(bool ticked)
{
    PruneChoice choice = m_controller->choice();
    choice.kept.clear();
    for (const StorageImage &image : std::as_const(m_rows)) {
        if (!ticked)
            choice.kept.insert(image.uuid);
    }
    m_controller->choose(choice);
}

} // namespace cooperage::gui
