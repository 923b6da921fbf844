#include "app/details/wastemodel.h"

#include "app/icons.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::WastedFile;

void WasteModel::setReport(const engine::WasteReport &report)
{
    beginResetModel();
    m_files = report.files;
    endResetModel();
}

void WasteModel::setSteps(const QList<HistoryRow> &rows)
{
    m_layers = rows;
    m_layers.removeIf([](const HistoryRow &row) { return row.count == 0; });
    if (!m_files.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_files.size()) - 1, ColumnCount - 1));
}

int WasteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_files.size());
}

int WasteModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString WasteModel::layerText(int layer) const
{
    if (layer < 0 || layer >= m_layers.size())
        return tr("Layer %1").arg(layer + 1);
    const HistoryRow &row = m_layers[layer];
    const QString place = placeName(row);
    return place.isEmpty() ? layerTitle(row)
                           : tr("Layer %1, %2: %3").arg(QString::number(row.count), place, stepText(row));
}

static QString howText(const WastedFile &file)
{
    return file.removed ? WasteModel::tr("removed by") : WasteModel::tr("replaced by");
}

QVariant WasteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const WastedFile &file = m_files[index.row()];
    const int column = index.column();
    switch (role) {
    case LayerRole:
        return file.layer + 1;
    case HiddenByRole:
        return file.hiddenBy + 1;
    case SortRole:
        if (column == SizeColumn)
            return file.size;
        if (column == LayerColumn)
            return file.layer;
        if (column == HiddenByColumn)
            return file.hiddenBy;
        return column == HowColumn ? howText(file) : file.path;
    case Qt::ToolTipRole:
        return column == LayerColumn      ? layerText(file.layer)
               : column == HiddenByColumn ? layerText(file.hiddenBy)
                                          : file.path;
    case Qt::TextAlignmentRole:
        return column == SizeColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::DecorationRole:
        if (column != HowColumn)
            return {};
        return file.removed ? icon(u"delete"_s, Tone::Bad) : icon(u"rename"_s, Tone::Active);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (column) {
    case PathColumn:
        return file.path;
    case SizeColumn:
        return QLocale().formattedDataSize(file.size);
    case LayerColumn:
        return layerText(file.layer);
    case HowColumn:
        return howText(file);
    default:
        return layerText(file.hiddenBy);
    }
}

QVariant WasteModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("File"), tr("Size"), tr("Written by"), tr("How"), tr("Hidden by")};
    return names[section];
}

} // namespace cooperage::gui
