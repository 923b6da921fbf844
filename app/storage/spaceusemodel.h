#pragma once

#include "app/storage/storagecontroller.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// What takes space, a kind a row, and how much of it can be freed.
class SpaceUseModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { WhatColumn, NumberColumn, SpaceColumn, FreeableColumn, ColumnCount };

    explicit SpaceUseModel(StorageController *controller, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    StorageController *m_controller;
    QList<SpaceUse> m_uses{};
};

} // namespace cooperage::gui
