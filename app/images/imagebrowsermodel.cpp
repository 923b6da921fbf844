#include "app/images/imagebrowsermodel.h"

#include <QLocale>

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
        m_sections.append(Section{.query = m_query});
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
    for (int section = 0; section < m_sections.size(); ++section) {
        QSet<int> pages = std::exchange(m_looked[section], {});
        if (!m_grouping)
            pages.insert(0);
        for (const int page : std::as_const(pages))
            askPage(section, page);
    }
    sendQuestions();
}

void ImageBrowserModel::askGroups()
{
    m_groupTicket = ++m_tickets;
    ImageListQuery query = m_query;
    query.limit = 1000;
    Q_EMIT groupsWanted(m_groupTicket, *m_grouping, query);
}

// Called while a view reads: the question itself goes out when the view is done.
void ImageBrowserModel::askPage(int section, int page) const
{
    const bool asked = std::ranges::any_of(m_asked, [&](const Question &question) {
        return question.section == section && question.page == page;
    });
    if (asked)
        return;
    m_asked.insert(++m_tickets, {section, page});
    m_unsent.append(m_tickets);
    if (m_unsent.size() == 1)
        QMetaObject::invokeMethod(const_cast<ImageBrowserModel *>(this), &ImageBrowserModel::sendQuestions,
                                  Qt::QueuedConnection);
}

void ImageBrowserModel::sendQuestions()
{
    for (const int ticket : std::exchange(m_unsent, {})) {
        const Question question = m_asked.value(ticket);
        ImageListQuery query = m_sections[question.section].query;
        query.limit = PageSize;
        query.offset = question.page * PageSize;
        Q_EMIT pageWanted(ticket, query);
    }
}

void ImageBrowserModel::giveUp(int ticket)
{
    m_asked.remove(ticket);
}

void ImageBrowserModel::setGroups(int ticket, const QList<engine::ImageGroup> &groups)
{
    if (ticket != m_groupTicket)
        return;
    const bool same =
        m_loaded && std::ranges::equal(groups, m_sections, [](const auto &group, const Section &section) {
            return group.name == section.name && group.images == section.count;
        });
    if (same)
        return;
    beginResetModel();
    m_sections.clear();
    m_asked.clear();
    m_unsent.clear();
    for (const engine::ImageGroup &group : groups) {
        Section section{.name = group.name, .query = m_query, .count = int(group.images)};
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

void ImageBrowserModel::setPage(int ticket, const engine::ImagePage &page)
{
    if (!m_asked.contains(ticket))
        return;
    const Question question = m_asked.take(ticket);
    m_loaded = true;
    Section &section = m_sections[question.section];
    const int total = int(std::min<qint64>(page.total, INT_MAX));
    if (total != section.count) {
        section.pages.clear(); // Every row behind the change has moved.
        section.lately.clear();
        resize(question.section, total);
    }
    store(&section, question.page, page.rows);
    const QModelIndex group = groupIndex(question.section);
    const int first = question.page * PageSize;
    const int last = std::min(first + PageSize, section.count) - 1;
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0, group), index(last, ColumnCount - 1, group));
}

void ImageBrowserModel::resize(int section, int count)
{
    Section &changed = m_sections[section];
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

void ImageBrowserModel::store(Section *section, int page, const QList<ImageListRow> &rows)
{
    section->pages.insert(page, rows);
    section->lately.removeAll(page);
    section->lately.append(page);
    while (section->lately.size() > PagesInMemory)
        section->pages.remove(section->lately.takeFirst());
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
    Section &section = m_sections[number];
    const int page = index.row() / PageSize;
    m_looked[number].insert(page);
    const auto found = section.pages.constFind(page);
    if (found == section.pages.cend() || index.row() % PageSize >= found->size()) {
        askPage(number, page);
        return nullptr;
    }
    if (section.lately.last() != page) {
        section.lately.removeAll(page);
        section.lately.append(page);
    }
    return &(*found)[index.row() % PageSize];
}

QModelIndex ImageBrowserModel::find(const QString &uuid, const QString &tag) const
{
    for (int number = 0; number < m_sections.size(); ++number) {
        const auto &pages = m_sections[number].pages;
        for (auto page = pages.cbegin(); page != pages.cend(); ++page) {
            const auto row = std::ranges::find_if(*page, [&](const ImageListRow &candidate) {
                return candidate.image.uuid == uuid && candidate.image.tag == tag;
            });
            if (row != page->cend())
                return index(page.key() * PageSize + int(row - page->cbegin()), 0, groupIndex(number));
        }
    }
    return {};
}

QModelIndex ImageBrowserModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : quintptr(0));
}

QModelIndex ImageBrowserModel::parent(const QModelIndex &index) const
{
    if (!m_grouping || !index.isValid() || index.internalId() == 0)
        return {};
    return groupIndex(int(index.internalId()) - 1);
}

int ImageBrowserModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_grouping ? int(m_sections.size()) : m_sections.isEmpty() ? 0 : m_sections.first().count;
    const bool isGroup = m_grouping && parent.internalId() == 0 && parent.column() == 0;
    return isGroup ? m_sections[parent.row()].count : 0;
}

int ImageBrowserModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant ImageBrowserModel::groupData(const Section &section, int column, int role) const
{
    QString name = section.name;
    if (*m_grouping == engine::ImageGrouping::Registry && name.isEmpty())
        name = tr("Without a registry");
    else if (*m_grouping == engine::ImageGrouping::Image)
        name = tr("Image %1").arg(shortId(name));
    if (role == GroupRole)
        return section.name;
    if (role == Qt::AccessibleTextRole || (role == Qt::DisplayRole && column == TagColumn))
        return tr("%1 (%2)").arg(name).arg(section.count);
    return role == Qt::ToolTipRole ? QVariant(name) : QVariant();
}

QVariant ImageBrowserModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (sectionOf(index) < 0)
        return groupData(m_sections[index.row()], index.column(), role);
    if (role == Qt::TextAlignmentRole && index.column() >= SizeColumn && index.column() <= SharedColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    const bool wantsRow = role == Qt::DisplayRole || role == Qt::ToolTipRole ||
                          role == Qt::AccessibleTextRole || role == UuidRole || role == TagRole;
    if (!wantsRow)
        return {};
    const ImageListRow *row = rowAt(index);
    if (!row)
        return role == Qt::DisplayRole && index.column() == TagColumn ? QVariant(u"…"_s) : QVariant();
    switch (role) {
    case UuidRole:
        return row->image.uuid;
    case TagRole:
        return row->image.tag;
    case Qt::ToolTipRole:
        return imageToolTip(*row);
    default:
        return imageCell(*row, index.column(), QDateTime::currentDateTimeUtc());
    }
}

QVariant ImageBrowserModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section >= SizeColumn && section <= SharedColumn)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Tag"),    tr("ID"),   tr("Size"),  tr("Unique"),
                             tr("Shared"), tr("Made"), tr("Origin")};
    return names[section];
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
