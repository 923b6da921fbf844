#include "app/images/imagebrowsermodel.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageListQuery;
using engine::ImageListRow;

void ImageBrowserModel::browse(const ImageListQuery &query, std::optional<engine::ImageGrouping> grouping)
{
    m_query = query;
    m_grouping = grouping;
    restart();
}

void ImageBrowserModel::restart()
{
    clear(); // Answers to what was asked before are no longer known, and so ignored.
    if (!m_grouping) {
        m_sections.append(ImageSection(m_query));
        m_looked.append(QSet<int>());
    }
    refresh();
}

void ImageBrowserModel::clear()
{
    beginResetModel();
    m_sections.clear();
    m_looked.clear();
    m_asked.clear();
    m_unsent.clear();
    m_loaded = false;
    endResetModel();
}

void ImageBrowserModel::refresh()
{
    if (m_grouping)
        askGroups();
    // Answers that are on their way may be older than the change that is to be seen now.
    const QHash<int, Question> underway = std::exchange(m_asked, {});
    for (int section = 0; section < m_sections.size(); ++section) {
        const QSet<int> pages = std::exchange(m_looked[section], {});
        for (const int page : pages) {
            if (m_sections[section].holds(page))
                askPage(section, page);
        }
        if (!m_grouping)
            askPage(section, 0);
    }
    for (const auto &[section, page] : underway)
        askPage(section, page);
    sendQuestions();
}

void ImageBrowserModel::askGroups()
{
    m_groupTicket = ++m_tickets;
    ImageListQuery query = m_query;
    query.limit = MostGroups;
    Q_EMIT groupsWanted(m_groupTicket, *m_grouping, query);
}

// Called while a view reads: the question itself goes out when the view is done.
void ImageBrowserModel::askPage(int section, int page) const
{
    const Question question{section, page};
    m_sections[section].touch(page);
    if (std::ranges::contains(m_asked, question))
        return;
    m_unsent.removeAll(question);
    m_unsent.append(question);
    sendLater();
}

void ImageBrowserModel::sendLater() const
{
    if (!std::exchange(m_sending, true))
        QMetaObject::invokeMethod(const_cast<ImageBrowserModel *>(this), &ImageBrowserModel::sendQuestions,
                                  Qt::QueuedConnection);
}

// Few at once, the latest first: who scrolls far waits for the rows in sight only, not for all on the way.
void ImageBrowserModel::sendQuestions()
{
    m_sending = false;
    while (!m_unsent.isEmpty() && m_asked.size() < AtOnce) {
        const Question question = m_unsent.takeLast();
        const auto &[section, page] = question;
        if (!m_sections[section].wants(page))
            continue;
        m_asked.insert(++m_tickets, question);
        ImageListQuery query = m_sections[section].query;
        query.limit = PageSize;
        query.offset = page * PageSize;
        Q_EMIT pageWanted(m_tickets, query);
    }
}

void ImageBrowserModel::giveUp(int ticket)
{
    m_asked.remove(ticket);
    sendLater();
}

void ImageBrowserModel::setGroups(int ticket, const QList<engine::ImageGroup> &groups)
{
    if (ticket != m_groupTicket)
        return;
    const bool same = m_loaded && std::ranges::equal(
                                      groups, m_sections, [](const auto &group, const ImageSection &section) {
                                          return group.name == section.name && group.images == section.count;
                                      });
    if (same)
        return;
    beginResetModel();
    m_sections.clear();
    m_asked.clear();
    m_unsent.clear();
    for (const engine::ImageGroup &group : groups) {
        ImageSection section(m_query, group.name, int(group.images));
        if (*m_grouping == engine::ImageGrouping::Repository)
            section.query.repository = group.name;
        else if (*m_grouping == engine::ImageGrouping::Registry)
            section.query.registry = group.name;
        else
            section.query.uuid = group.name;
        m_sections.append(section);
    }
    m_looked = QList<QSet<int>>(m_sections.size());
    m_loaded = true;
    endResetModel();
}

void ImageBrowserModel::setPage(int ticket, const engine::ImagePage &answer)
{
    if (!m_asked.contains(ticket))
        return;
    const auto [number, page] = m_asked.take(ticket);
    sendLater();
    m_loaded = true;
    ImageSection &section = m_sections[number];
    const int total = int(std::min<qint64>(answer.total, INT_MAX));
    if (total != section.count) {
        section.forgetRows(); // Every row behind the change has moved.
        section.touch(page);
        resize(number, total);
    }
    section.store(page, answer.rows);
    const QModelIndex group = groupIndex(number);
    const int first = page * PageSize;
    const int last = std::min(first + PageSize, section.count) - 1;
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0, group), index(last, ColumnCount - 1, group));
    else if (rowCount() == 0)
        Q_EMIT loadedEmpty();
}

void ImageBrowserModel::resize(int section, int count)
{
    ImageSection &changed = m_sections[section];
    const QModelIndex group = groupIndex(section);
    if (count > changed.count) {
        beginInsertRows(group, changed.count, count - 1);
        changed.count = count;
        endInsertRows();
    } else {
        beginRemoveRows(group, count, changed.count - 1);
        changed.count = count;
        endRemoveRows();
    }
}

int ImageBrowserModel::sectionOf(const QModelIndex &index) const
{
    if (!m_grouping)
        return 0;
    return int(index.internalId()) - 1; // -1: a group.
}

QModelIndex ImageBrowserModel::groupIndex(int section) const
{
    return m_grouping ? createIndex(section, 0, quintptr(0)) : QModelIndex();
}

const ImageListRow *ImageBrowserModel::rowAt(const QModelIndex &index) const
{
    const int number = index.isValid() ? sectionOf(index) : -1;
    if (number < 0)
        return nullptr;
    const int page = index.row() / PageSize;
    m_looked[number].insert(page);
    const ImageListRow *row = m_sections[number].row(index.row());
    if (row)
        m_sections[number].touch(page);
    else
        askPage(number, page);
    return row;
}

const ImageListRow *ImageBrowserModel::loadedRow(const QModelIndex &index) const
{
    const int number = index.isValid() ? sectionOf(index) : -1;
    return number < 0 ? nullptr : m_sections[number].row(index.row());
}

QModelIndex ImageBrowserModel::find(const QString &uuid, const QString &tag) const
{
    for (int number = 0; number < m_sections.size(); ++number) {
        const int row = m_sections[number].find(uuid, tag);
        if (row >= 0)
            return index(row, 0, groupIndex(number));
    }
    return {};
}

void ImageBrowserModel::sort(int column, Qt::SortOrder order)
{
    using Order = ImageListQuery::Order;
    ImageListQuery query = m_query;
    query.descending = order == Qt::DescendingOrder;
    if (column == TagColumn)
        query.order = Order::Tag;
    else if (column == SizeColumn)
        query.order = Order::Size;
    else if (column == CreatedColumn)
        query.order = Order::Created;
    else
        return;
    if (query == m_query)
        return;
    m_query = query;
    restart();
}

} // namespace cooperage::gui
