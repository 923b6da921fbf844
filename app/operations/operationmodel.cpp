#include "app/operations/operationmodel.h"

#include "app/buildpane/stepmodel.h"
#include "app/images/imagebrowsermodel.h"

#include <QLocale>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QString kindText(const QString &kind)
{
    if (kind == "instance"_L1)
        return OperationModel::tr("run");
    if (kind == "image_import"_L1)
        return OperationModel::tr("import");
    return kind == "build"_L1 ? OperationModel::tr("build") : kind;
}

qint64 timeOf(const Activity &activity)
{
    if (activity.isOver())
        return activity.durationMs;
    return std::max<qint64>(0, activity.startedAt.msecsTo(QDateTime::currentDateTimeUtc()));
}

} // namespace

void OperationModel::setActivities(const QList<Activity> &activities)
{
    QSet<QString> wanted;
    for (const Activity &activity : activities)
        wanted.insert(activity.id);
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (wanted.contains(m_activities[row].id))
            continue;
        beginRemoveRows({}, row, row);
        m_activities.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < activities.size(); ++row) {
        if (row < m_activities.size() && m_activities[row].id == activities[row].id) {
            if (m_activities[row] == activities[row])
                continue;
            m_activities[row] = activities[row];
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        const auto later = std::ranges::find(m_activities.cbegin() + row, m_activities.cend(),
                                             activities[row].id, &Activity::id);
        if (later != m_activities.cend()) {
            const int from = int(later - m_activities.cbegin());
            beginMoveRows({}, from, from, {}, row);
            m_activities.move(from, row);
            endMoveRows();
            m_activities[row] = activities[row];
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        beginInsertRows({}, row, row);
        m_activities.insert(row, activities[row]);
        endInsertRows();
    }
}

void OperationModel::tick()
{
    for (int row = 0; row < rowCount(); ++row) {
        if (!m_activities[row].isOver())
            Q_EMIT dataChanged(index(row, TimeColumn), index(row, TimeColumn), {Qt::DisplayRole});
    }
}

int OperationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_activities.size());
}

int OperationModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString OperationModel::display(const Activity &activity, int column) const
{
    switch (column) {
    case StateColumn:
        return activity.exitCode.value_or(0) != 0 ? tr("exit %1").arg(*activity.exitCode)
                                                  : stateWord(activity.state);
    case SubjectColumn:
        return activity.subject.simplified();
    case KindColumn:
        return kindText(activity.kind);
    case StartedColumn:
        return agoText(activity.startedAt, QDateTime::currentDateTimeUtc());
    case TimeColumn:
        return durationText(timeOf(activity));
    default:
        return activity.image.isEmpty() ? QString() : shortId(activity.image);
    }
}

QVariant OperationModel::sortKey(const Activity &activity, int column) const
{
    switch (column) {
    case StartedColumn:
        return activity.startedAt;
    case TimeColumn:
        return timeOf(activity);
    default:
        return display(activity, column);
    }
}

QVariant OperationModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Activity &activity = m_activities[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return display(activity, index.column());
    case Qt::ToolTipRole: {
        const QString text =
            tr("%1\n%2, started %3")
                .arg(activity.subject, kindText(activity.kind),
                     QLocale().toString(activity.startedAt.toLocalTime(), QLocale::LongFormat));
        return activity.error.isEmpty() ? text : text + u'\n' + activity.error;
    }
    case Qt::AccessibleTextRole:
        if (index.column() == StateColumn)
            return tr("%1, %2, %3, %4", "what, kind, state, time")
                .arg(activity.subject, kindText(activity.kind), display(activity, StateColumn),
                     durationText(timeOf(activity)));
        return display(activity, index.column());
    case StateRole:
        return QVariant::fromValue(int(activity.state));
    case IdRole:
        return activity.id;
    case SortRole:
        return sortKey(activity, index.column());
    default:
        return {};
    }
}

QVariant OperationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case SubjectColumn:
        return tr("What");
    case KindColumn:
        return tr("Kind");
    case StartedColumn:
        return tr("Started");
    case TimeColumn:
        return tr("Time");
    default:
        return tr("Result");
    }
}

} // namespace cooperage::gui
