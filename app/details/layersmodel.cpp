#include "app/details/layersmodel.h"

#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

void LayersModel::setRows(const QList<HistoryRow> &rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int LayersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LayersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

static QString cell(const HistoryRow &row, int column)
{
    switch (column) {
    case LayersModel::NumberColumn:
        return row.count > 0 ? QString::number(row.count) : QString();
    case LayersModel::StepColumn:
        return stepText(row);
    case LayersModel::PlaceColumn:
        return placeName(row);
    case LayersModel::SizeColumn:
        return row.size < 0 ? QString() : QLocale().formattedDataSize(row.size);
    case LayersModel::MadeColumn: {
        const QDateTime made = QDateTime::fromString(row.created, Qt::ISODateWithMs);
        return made.isValid() ? QLocale().toString(made.toLocalTime(), QLocale::ShortFormat) : QString();
    }
    default:
        return row.layer;
    }
}

// What the image says of itself differs from what was written where variables were filled in.
static QString toolTip(const HistoryRow &row)
{
    QStringList lines;
    if (row.place.line > 0)
        lines.append(u"%1:%2"_s.arg(row.place.dockerfile).arg(row.place.line));
    if (!row.source.isEmpty())
        lines.append(row.source);
    if (!row.text.isEmpty())
        lines.append(row.text);
    return lines.join(u'\n');
}

QVariant LayersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HistoryRow &row = m_rows[index.row()];
    switch (role) {
    case LayerRole:
        return row.count;
    case Qt::DisplayRole:
        return cell(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row);
    case Qt::TextAlignmentRole:
        return index.column() == SizeColumn || index.column() == NumberColumn
                   ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
                   : QVariant();
    default:
        return {};
    }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const QString names[] = {tr("Layer"), tr("Step"), tr("Dockerfile"), tr("Size"), tr("Made"), tr("Digest")};
    const QString tips[] = {
        tr("Layers count from the bottom; a step without number made none"),
        tr("The line of the Dockerfile where this computer built the layer, else what the image says"),
        tr("Where the line stands"),
        tr("Bytes on disk"),
        tr("When the step was carried out"),
        tr("The digest of the layer's uncompressed tar, or the engine's own name")};
    return role == Qt::DisplayRole   ? QVariant(names[section])
           : role == Qt::ToolTipRole ? QVariant(tips[section])
                                     : QVariant();
}

} // namespace cooperage::gui
