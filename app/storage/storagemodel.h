#pragma once

#include "core/engine/storagevalues.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

class StorageController;

/// The images that a clean-up would take, each with a tick.
class StorageModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { ImageColumn, AddsColumn, SharesColumn, MadeColumn, UseColumn, ColumnCount };
    enum Role { UuidRole = Qt::UserRole };

    explicit StorageModel(StorageController *controller, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    void sort(int column, Qt::SortOrder order) override;
    /// Ticks all of them, or none.
    void tickAll(bool ticked);

private:
    void follow();
    [[nodiscard]] QList<engine::StorageImage> sorted(const QList<engine::StorageImage> &images) const;
    [[nodiscard]] QString text(const engine::StorageImage &image, int column) const;

    StorageController *m_controller;
    QList<engine::StorageImage> m_rows{};
    int m_sortColumn = AddsColumn;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

/// What an image that has no tag is good for, in a few words.
[[nodiscard]] QString useText(const StorageController &controller, const QString &image);

} // namespace cooperage::gui
