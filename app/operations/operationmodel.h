#pragma once

#include "app/operations/operationlist.h"

#include <QAbstractTableModel>

namespace cooperage::gui {

/// Activities, a row each. Rows that stay keep their place in selection and scrolling.
class OperationModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        StateColumn,
        SubjectColumn,
        KindColumn,
        StartedColumn,
        TimeColumn,
        ResultColumn,
        ColumnCount
    };
    enum Role { StateRole = Qt::UserRole, IdRole, SortRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setActivities(const QList<Activity> &activities);
    [[nodiscard]] const Activity &activityAt(int row) const { return m_activities[row]; }
    /// Renews the times of what is still running.
    void tick();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString display(const Activity &activity, int column) const;
    [[nodiscard]] QVariant sortKey(const Activity &activity, int column) const;

    QList<Activity> m_activities;
};

} // namespace cooperage::gui
