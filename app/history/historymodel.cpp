#include "app/history/historymodel.h"

#include "app/images/imagebrowsermodel.h"

#include <QLocale>

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

QString kindWord(const sessions::HistoryEntry &entry)
{
    using namespace sessions;
    if (entry.kind == kind::use)
        return HistoryModel::tr("start");
    if (entry.kind == kind::files)
        return HistoryModel::tr("files added");
    if (entry.kind == kind::folder)
        return HistoryModel::tr("folder");
    if (entry.kind == kind::variables)
        return HistoryModel::tr("variables");
    if (entry.kind == kind::build)
        return HistoryModel::tr("build step");
    const QString word = entry.kind == kind::disposableRun ? HistoryModel::tr("disposable run")
                         : entry.kind == kind::run         ? HistoryModel::tr("run")
                                                           : entry.kind;
    return entry.exitCode.value_or(0) == 0 ? word
                                           : HistoryModel::tr("%1, exit %2").arg(word).arg(*entry.exitCode);
}

void HistoryModel::setView(const sessions::SessionView &view)
{
    const auto sameEntry = [](const sessions::HistoryEntry &a, const sessions::HistoryEntry &b) {
        return a.id == b.id;
    };
    const qsizetype before = m_view.entries.size();
    const bool grew = view.name == m_view.name && before > 0 && view.entries.size() >= before &&
                      std::ranges::equal(m_view.entries, view.entries.first(before), sameEntry);
    if (!grew) {
        beginResetModel();
        take(view);
        endResetModel();
        return;
    }
    const int added = int(view.entries.size() - before);
    if (added == 0 && view.branches == m_view.branches && view.activeBranch == m_view.activeBranch)
        return;
    if (added > 0)
        beginInsertRows({}, 0, added - 1);
    take(view);
    if (added > 0)
        endInsertRows();
    // Lines and labels of the rows below may be others now.
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void HistoryModel::take(const sessions::SessionView &view)
{
    m_view = view;
    QList<GraphNode> nodes;
    nodes.reserve(view.entries.size());
    for (const sessions::HistoryEntry &entry : view.entries | std::views::reverse)
        nodes.append({entry.id, entry.parent});
    m_rows = layoutLanes(nodes);
    m_tips.clear();
    for (const sessions::Branch &branch : view.branches) {
        QStringList &names = m_tips[branch.tip];
        if (branch.name == view.activeBranch)
            names.prepend(branch.name);
        else
            names.append(branch.name);
    }
    // An entry is on the branch of its newest child, unless it is on the active one.
    m_branchNames.clear();
    QHash<qint64, qint64> parents;
    for (const GraphNode &node : std::as_const(nodes))
        parents.insert(node.id, node.parent);
    for (qint64 id = view.head(); id != 0 && !m_branchNames.contains(id); id = parents.value(id))
        m_branchNames.insert(id, view.activeBranch);
    for (const GraphNode &node : std::as_const(nodes)) {
        if (const auto tips = m_tips.constFind(node.id);
            tips != m_tips.cend() && !m_branchNames.contains(node.id))
            m_branchNames.insert(node.id, tips->first());
        const auto name = m_branchNames.constFind(node.id);
        if (name != m_branchNames.cend() && node.parent != 0 && !m_branchNames.contains(node.parent))
            m_branchNames.insert(node.parent, QString(*name));
    }
}

const sessions::HistoryEntry &HistoryModel::entryAt(int row) const
{
    return m_view.entries[m_view.entries.size() - 1 - row];
}

int HistoryModel::rowOf(qint64 entry) const
{
    const auto found = std::ranges::lower_bound(m_view.entries, entry, {}, &sessions::HistoryEntry::id);
    if (found == m_view.entries.end() || found->id != entry)
        return -1;
    return int(m_view.entries.end() - found) - 1;
}

QList<int> HistoryModel::matches(const QString &text) const
{
    QList<int> rows;
    if (text.isEmpty())
        return rows;
    for (int row = 0; row < rowCount(); ++row) {
        const sessions::HistoryEntry &entry = entryAt(row);
        if (entry.title.contains(text, Qt::CaseInsensitive) || QString::number(entry.id) == text ||
            entry.image.contains(text, Qt::CaseInsensitive) ||
            m_tips.value(entry.id).join(u'\n').contains(text, Qt::CaseInsensitive))
            rows.append(row);
    }
    return rows;
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_view.entries.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString HistoryModel::display(const sessions::HistoryEntry &entry, int column) const
{
    switch (column) {
    case TitleColumn:
        return entry.title;
    case KindColumn:
        return kindWord(entry);
    case ImageColumn:
        return shortId(entry.image);
    default:
        return agoText(entry.createdAt, QDateTime::currentDateTimeUtc());
    }
}

QString HistoryModel::spoken(const sessions::HistoryEntry &entry) const
{
    const QString branch = m_branchNames.value(entry.id);
    const QString where = branch.isEmpty()            ? tr("on no branch")
                          : entry.id == m_view.head() ? tr("branch %1, current").arg(branch)
                                                      : tr("branch %1").arg(branch);
    return tr("%1, %2, %3, %4", "title, kind, branch, time")
        .arg(entry.title, kindWord(entry), where, display(entry, TimeColumn));
}

QString HistoryModel::toolTip(const sessions::HistoryEntry &entry) const
{
    QString text =
        tr("%1\n%2, entry %3\nImage %4\nMade %5")
            .arg(entry.title, kindWord(entry))
            .arg(entry.id)
            .arg(entry.image, QLocale().toString(entry.createdAt.toLocalTime(), QLocale::LongFormat));
    const QStringList tips = m_tips.value(entry.id);
    if (!tips.isEmpty())
        text += u'\n' + tr("Branches: %1").arg(tips.join(u", "_s));
    return text;
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const sessions::HistoryEntry &entry = entryAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(entry, index.column());
    case Qt::ToolTipRole:
        return toolTip(entry);
    case Qt::AccessibleTextRole:
        return index.column() == TitleColumn ? spoken(entry) : display(entry, index.column());
    case EntryRole:
        return entry.id;
    case ImageRole:
        return entry.image;
    case GraphRole:
        return QVariant::fromValue(m_rows[index.row()]);
    case BranchesRole:
        return m_tips.value(entry.id);
    case HeadRole:
        return entry.id == m_view.head();
    default:
        return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TitleColumn:
        return tr("History");
    case KindColumn:
        return tr("Kind");
    case ImageColumn:
        return tr("Image");
    default:
        return tr("Made");
    }
}

} // namespace cooperage::gui
