#pragma once

#include "app/history/lanes.h"
#include "core/sessions/values.h"

#include <QAbstractTableModel>
#include <QHash>

namespace cooperage::gui {

/// A session's history, a row per snapshot, the newest first.
class HistoryModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TitleColumn, KindColumn, ImageColumn, TimeColumn, ColumnCount };
    enum Role {
        EntryRole = Qt::UserRole, ///< qint64
        ImageRole,
        GraphRole,    ///< GraphRow
        BranchesRole, ///< QStringList: the branches whose tip this is, the active one first.
        HeadRole,     ///< Whether this is the tip of the active branch.
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// New entries come as new rows where that is all that changed; else everything is read anew.
    void setView(const sessions::SessionView &view);
    [[nodiscard]] const sessions::SessionView &view() const { return m_view; }
    [[nodiscard]] const sessions::HistoryEntry &entryAt(int row) const;
    [[nodiscard]] int rowOf(qint64 entry) const; ///< -1: not there.
    /// Rows whose title, id, image or branch contains `text`, from the top; none for an empty text.
    [[nodiscard]] QList<int> matches(const QString &text) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void take(const sessions::SessionView &view);
    [[nodiscard]] QString display(const sessions::HistoryEntry &entry, int column) const;
    [[nodiscard]] QString spoken(const sessions::HistoryEntry &entry) const;
    [[nodiscard]] QString toolTip(const sessions::HistoryEntry &entry) const;

    sessions::SessionView m_view;
    QList<GraphRow> m_rows;
    QHash<qint64, QStringList> m_tips;    ///< Branches by the entry that they point to.
    QHash<qint64, QString> m_branchNames; ///< The branch that an entry is on.
};

/// "run", "folder"...: for people.
[[nodiscard]] QString kindWord(const sessions::HistoryEntry &entry);

} // namespace cooperage::gui
