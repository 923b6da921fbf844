#pragma once

#include "app/details/imagefacts.h"
#include "core/engine/imageparts.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// Files that take space in a layer and cannot be seen in the image, with both layers and what made them.
class WasteModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { PathColumn, SizeColumn, LayerColumn, HowColumn, HiddenByColumn, ColumnCount };
    /// SortRole orders sizes and layers as numbers. Layers count from 1.
    enum Role { SortRole = Qt::UserRole, LayerRole, HiddenByRole };
    using QAbstractTableModel::QAbstractTableModel;

    void setReport(const engine::WasteReport &report);
    /// What made the layers; may come later.
    void setSteps(const QList<HistoryRow> &rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString layerText(int layer) const;

    QList<engine::WastedFile> m_files{};
    QList<HistoryRow> m_layers{}; ///< Those steps that made layers, from the bottom.
};

} // namespace cooperage::gui
