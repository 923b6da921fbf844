#pragma once

#include "app/images/imagecells.h"
#include "app/images/imagesection.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>

namespace cooperage::gui {

/// The engine's images, a row per tag, in one list or below groups. Any number of them: only pages looked at
/// lately are in memory. Asks by its signals and is answered by setPage() and setGroups(), so it never waits.
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
    static constexpr int PageSize = ImageSection::PageSize;
    static constexpr int AtOnce = 4; ///< Questions on their way.
    static constexpr int MostGroups = 1000;

    using QAbstractItemModel::QAbstractItemModel;

    /// Begins anew. No grouping: one list.
    void browse(const engine::ImageListQuery &query, std::optional<engine::ImageGrouping> grouping);
    void clear(); ///< Nothing is known any more, and nothing asked.
    /// Asks again for what was looked at since the last time; rows that stay keep their places.
    void refresh();
    [[nodiscard]] const engine::ImageListQuery &query() const { return m_query; }
    [[nodiscard]] bool isGrouped() const { return m_grouping.has_value(); }
    /// The engine names so many groups at most; more images are found by a filter.
    [[nodiscard]] bool hasMoreGroups() const { return m_grouping && m_sections.size() >= MostGroups; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; } ///< False until the first answer.
    /// nullptr for a group, and for a row that is on its way.
    [[nodiscard]] const engine::ImageListRow *rowAt(const QModelIndex &index) const;
    /// The same without asking for it, however many indexes are gone through.
    [[nodiscard]] const engine::ImageListRow *loadedRow(const QModelIndex &index) const;
    /// Where an image's tag is now, among the rows in memory.
    [[nodiscard]] QModelIndex find(const QString &uuid, const QString &tag) const;

    void setPage(int ticket, const engine::ImagePage &page);
    void setGroups(int ticket, const QList<engine::ImageGroup> &groups);
    void giveUp(int ticket); ///< The question failed; it is asked again at the next refresh.

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData *mimeData(const QModelIndexList &indexes) const override;
    /// Asks the engine for another order; columns that it cannot sort by keep the order.
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void pageWanted(int ticket, const cooperage::engine::ImageListQuery &query);
    void groupsWanted(int ticket, cooperage::engine::ImageGrouping by,
                      const cooperage::engine::ImageListQuery &query);
    /// The answer has come and holds no image: no signal of the base class says so.
    void loadedEmpty();

private:
    using Question = std::pair<int, int>; ///< A page of a section.

    void restart();
    void askPage(int section, int page) const;
    void askGroups();
    void sendLater() const;
    void sendQuestions();
    void resize(int section, int count);
    [[nodiscard]] int sectionOf(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex groupIndex(int section) const;
    [[nodiscard]] QVariant groupData(const ImageSection &section, int column, int role) const;

    engine::ImageListQuery m_query;
    std::optional<engine::ImageGrouping> m_grouping;
    mutable QList<ImageSection>
        m_sections;                    ///< One, or one per group. Mutable: looking at a row notes its use.
    QHash<int, Question> m_asked;      ///< By ticket.
    mutable QList<Question> m_unsent;  ///< The latest last, which goes first.
    mutable QList<QSet<int>> m_looked; ///< Pages looked at since the last refresh, per section.
    int m_tickets = 0;
    mutable bool m_sending = false;
    int m_groupTicket = -1;
    bool m_loaded = false;
};

} // namespace cooperage::gui
