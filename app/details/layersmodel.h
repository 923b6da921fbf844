#pragma once

#include "app/details/imagefacts.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// An image's history, bottom to top, with the layers that its steps made.
class LayersModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NumberColumn, StepColumn, PlaceColumn, SizeColumn, MadeColumn, DigestColumn, ColumnCount };
    enum Role { LayerRole = Qt::UserRole }; ///< The layer's number; 0: the step made none.
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<HistoryRow> &rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<HistoryRow> m_rows{};
};

} // namespace cooperage::gui
