#pragma once

#include "app/transfers/transferqueue.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// The queue's transfers as rows.
class TransferModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StateColumn, WhatColumn, ProgressColumn, WhereColumn, ColumnCount };
    enum Role { IdRole = Qt::UserRole };

    explicit TransferModel(TransferQueue *queue, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    TransferQueue *m_queue;
};

/// "importing", "pushed", "failed"...
[[nodiscard]] QString stateText(const Transfer &transfer);
/// "12 MB of 30 MB, 4 MB/s", or what came of it.
[[nodiscard]] QString progressText(const Transfer &transfer);

} // namespace cooperage::gui
