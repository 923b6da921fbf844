#include "app/icons.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecells.h"

#include <QMimeData>

using namespace Qt::StringLiterals;

// How views see the model: groups and rows, what their cells say, what is dragged out of them.
namespace cooperage::gui {

using engine::ImageListRow;

QModelIndex ImageBrowserModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : quintptr(0));
}

QModelIndex ImageBrowserModel::parent(const QModelIndex &index) const
{
    if (!m_grouping || !index.isValid() || index.internalId() == 0)
        return {};
    return groupIndex(int(index.internalId()) - 1);
}

int ImageBrowserModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_grouping ? int(m_sections.size()) : m_sections.isEmpty() ? 0 : m_sections.first().count;
    const bool isGroup = m_grouping && parent.internalId() == 0 && parent.column() == 0;
    return isGroup ? m_sections[parent.row()].count : 0;
}

int ImageBrowserModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant ImageBrowserModel::groupData(const ImageSection &section, int column, int role) const
{
    QString name = section.name;
    if (*m_grouping == engine::ImageGrouping::Registry && name.isEmpty())
        name = tr("Without a registry");
    else if (*m_grouping == engine::ImageGrouping::Image)
        name = tr("Image %1").arg(shortId(name));
    if (role == GroupRole)
        return section.name;
    if (role == Qt::AccessibleTextRole || (role == Qt::DisplayRole && column == TagColumn))
        return tr("%1 (%2)").arg(name).arg(section.count);
    return role == Qt::ToolTipRole ? QVariant(name) : QVariant();
}

QVariant ImageBrowserModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (sectionOf(index) < 0)
        return groupData(m_sections[index.row()], index.column(), role);
    if (role == Qt::TextAlignmentRole && index.column() >= SizeColumn && index.column() <= SharedColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::DecorationRole && index.column() == TagColumn) {
        const ImageListRow *known = loadedRow(index);
        return known && known->isHidden      ? QVariant(icon(u"skipped"_s))
               : known && known->hidesPublic ? QVariant(icon(u"warning"_s, Tone::Warning))
                                             : QVariant();
    }
    const bool wantsRow = role == Qt::DisplayRole || role == Qt::ToolTipRole ||
                          role == Qt::AccessibleTextRole || role == UuidRole || role == TagRole;
    if (!wantsRow)
        return {};
    const ImageListRow *row = rowAt(index);
    if (!row)
        return role == Qt::DisplayRole && index.column() == TagColumn ? QVariant(u"…"_s) : QVariant();
    switch (role) {
    case UuidRole:
        return row->image.uuid;
    case TagRole:
        return row->image.tag;
    case Qt::ToolTipRole:
        return imageToolTip(*row);
    default:
        return imageCell(*row, index.column(), QDateTime::currentDateTimeUtc());
    }
}

QVariant ImageBrowserModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section >= SizeColumn && section <= SharedColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Tag"),    tr("ID"),   tr("Size"),  tr("Unique"),
                             tr("Shared"), tr("Made"), tr("Origin")};
    return names[section];
}

Qt::ItemFlags ImageBrowserModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return index.isValid() && sectionOf(index) >= 0 ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList ImageBrowserModel::mimeTypes() const
{
    return {u"text/plain"_s};
}

QMimeData *ImageBrowserModel::mimeData(const QModelIndexList &indexes) const
{
    QStringList references;
    for (const QModelIndex &index : indexes) {
        const ImageListRow *row = index.column() == TagColumn ? loadedRow(index) : nullptr;
        if (row)
            references.append(referenceOf(row->image));
    }
    auto *data = new QMimeData;
    data->setText(references.join(u'\n'));
    return data;
}

} // namespace cooperage::gui
