#pragma once

#include "core/engine/imagelist.h"

#include <QHash>

namespace cooperage::gui {

/// A list of images, of which only the pages that were looked at lately are in memory.
class ImageSection
{
public:
    static constexpr int PageSize = 200;
    static constexpr int PagesInMemory = 24;

    engine::ImageListQuery query;
    QString name; ///< Of the group that it is.
    int count;    ///< Rows, in memory or not.

    explicit ImageSection(engine::ImageListQuery query, QString name = {}, int count = 0);

    /// nullptr where the row is not in memory.
    [[nodiscard]] const engine::ImageListRow *row(int number) const;
    /// Which row is that one; -1 where it is not in memory.
    [[nodiscard]] int find(const QString &uuid, const QString &tag) const;
    [[nodiscard]] bool holds(int page) const { return m_pages.contains(page); }
    /// Was it among the last to be looked at? Only such pages are kept, and worth asking for.
    [[nodiscard]] bool wants(int page) const { return m_lately.contains(page); }
    /// Notes that the page is looked at.
    void touch(int page);
    /// Keeps the rows if the page is wanted.
    void store(int page, const QList<engine::ImageListRow> &rows);
    void forgetRows();

private:
    QHash<int, QList<engine::ImageListRow>> m_pages{};
    QList<int> m_lately{}; ///< Pages in the order in which they were looked at, the latest last.
};

} // namespace cooperage::gui
