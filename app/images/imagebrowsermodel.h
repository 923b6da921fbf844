#pragma once

#include "core/engine/imagelist.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>

namespace cooperage::gui {

/// The engine's images, a row per tag, in one list or below groups. Any number of them: only pages that were
/// looked at lately are in memory. The model asks by its signals and is answered by setPage() and
/// setGroups(), so it never waits.
class ImageBrowserModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column {
        TagColumn,
        IdColumn,
        SizeColumn,
        UniqueColumn,
        SharedColumn,
        CreatedColumn,
        OriginColumn,
        ColumnCount
    };
    enum Role { UuidRole = Qt::UserRole, TagRole, GroupRole };
    static constexpr int PageSize = 200;
    static constexpr int PagesInMemory = 24; ///< Per section.

    using QAbstractItemModel::QAbstractItemModel;

    /// Begins anew. No grouping: one list.
    void browse(const engine::ImageListQuery &query, std::optional<engine::ImageGrouping> grouping);
    /// Nothing is known any more, and nothing asked.
    void clear();
    /// Asks again for what was looked at since the last time; rows that stay keep their places.
    void refresh();

    [[nodiscard]] const engine::ImageListQuery &query() const { return m_query; }
    [[nodiscard]] bool isGrouped() const { return m_grouping.has_value(); }
    /// False until the first answer.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    /// The row of an index; nullptr for a group, and for a row that is on its way.
    [[nodiscard]] const engine::ImageListRow *rowAt(const QModelIndex &index) const;
    /// Where an image's tag is now, among the rows in memory.
    [[nodiscard]] QModelIndex find(const QString &uuid, const QString &tag) const;

    void setPage(int ticket, const engine::ImagePage &page);
    void setGroups(int ticket, const QList<engine::ImageGroup> &groups);
    /// The question failed; it is asked again at the next refresh.
    void giveUp(int ticket);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Asks the engine for another order; columns that it cannot sort by keep the order.
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void pageWanted(int ticket, const cooperage::engine::ImageListQuery &query);
    void groupsWanted(int ticket, cooperage::engine::ImageGrouping by,
                      const cooperage::engine::ImageListQuery &query);

private:
    struct Section
    {
        QString name{};
        engine::ImageListQuery query{};
        int count = 0;
        QHash<int, QList<engine::ImageListRow>> pages{};
        QList<int> lately{}; ///< Pages in the order of their use, the latest last.
    };
    struct Question
    {
        int section = 0;
        int page = 0;
    };

    void restart();
    void askPage(int section, int page) const;
    void askGroups();
    void sendQuestions();
    void store(Section *section, int page, const QList<engine::ImageListRow> &rows);
    void resize(int section, int count);
    [[nodiscard]] int sectionOf(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex groupIndex(int section) const;
    [[nodiscard]] QVariant groupData(const Section &section, int column, int role) const;

    engine::ImageListQuery m_query;
    std::optional<engine::ImageGrouping> m_grouping;
    mutable QList<Section> m_sections;    ///< One, or one per group. Mutable: looking at a row notes its use.
    mutable QHash<int, Question> m_asked; ///< By ticket.
    mutable QList<int> m_unsent;
    mutable QList<QSet<int>> m_looked; ///< Pages looked at since the last refresh, per section.
    mutable int m_tickets = 0;
    int m_groupTicket = -1;
    bool m_loaded = false;
};

/// What a cell shows; empty where the engine does not say.
[[nodiscard]] QString imageCell(const engine::ImageListRow &row, int column, const QDateTime &now);
/// Everything about a row, a line each.
[[nodiscard]] QString imageToolTip(const engine::ImageListRow &row);
/// "from ghcr.io/o/tool:1", "RUN make", "built in".
[[nodiscard]] QString originText(const engine::ImageListRow &row);
/// The last characters of an id: enough to tell images apart.
[[nodiscard]] QString shortId(const QString &uuid);
/// "5 min ago", or the date where it is longer ago than a week.
[[nodiscard]] QString agoText(const QDateTime &then, const QDateTime &now);

} // namespace cooperage::gui
