#include "app/buildpane/stepmodel.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using build::StepState;

namespace {

bool isOver(StepState state)
{
    return state != StepState::Waiting && state != StepState::Running;
}

QString progressText(const build::StepProgress &progress)
{
    const QLocale locale;
    if (progress.total > 0)
        return StepModel::tr("%1 of %2")
            .arg(locale.formattedDataSize(progress.done), locale.formattedDataSize(progress.total));
    return progress.done > 0 ? locale.formattedDataSize(progress.done) : QString();
}

} // namespace

QString stateWord(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return StepModel::tr("waiting");
    case StepState::Running:
        return StepModel::tr("running");
    case StepState::Cached:
        return StepModel::tr("cached");
    case StepState::Done:
        return StepModel::tr("done");
    case StepState::Failed:
        return StepModel::tr("failed");
    case StepState::Cancelled:
        return StepModel::tr("cancelled");
    case StepState::Skipped:
        break;
    }
    return StepModel::tr("skipped");
}

QString durationText(qint64 milliseconds)
{
    const QLocale locale;
    if (milliseconds < 1000)
        return StepModel::tr("%1 ms").arg(milliseconds);
    if (milliseconds < 60'000)
        return StepModel::tr("%1 s").arg(locale.toString(double(milliseconds) / 1000, 'f', 1));
    return StepModel::tr("%1 min %2 s")
        .arg(milliseconds / 60'000)
        .arg(milliseconds / 1000 % 60, 2, 10, QLatin1Char('0'));
}

StepModel::StepModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_clock.setInterval(500);
    connect(&m_clock, &QTimer::timeout, this, &StepModel::tick);
}

void StepModel::clear()
{
    beginResetModel();
    m_steps.clear();
    m_clock.stop();
    endResetModel();
    Q_EMIT progressed();
}

void StepModel::apply(const build::BuildEvent &event)
{
    if (const auto *plan = std::get_if<build::PlanReady>(&event)) {
        beginResetModel();
        m_steps.clear();
        for (const build::StepInfo &info : plan->steps)
            m_steps.append(Step{.info = info});
        endResetModel();
    } else if (const auto *started = std::get_if<build::StepStarted>(&event)) {
        start(*started);
    } else if (const auto *finished = std::get_if<build::StepFinished>(&event)) {
        finish(*finished);
    } else if (const auto *progress = std::get_if<build::StepProgress>(&event)) {
        if (const int row = rowOf(progress->step); row >= 0) {
            m_steps[row].progress = *progress;
            refreshRow(row);
        }
    } else if (std::holds_alternative<build::BuildFinished>(event)) {
        m_clock.stop();
    } else {
        return;
    }
    Q_EMIT progressed();
}

void StepModel::start(const build::StepStarted &event)
{
    const int row = rowOf(event.step);
    if (row < 0 || m_steps[row].state == StepState::Running)
        return;
    m_steps[row].state = StepState::Running;
    m_steps[row].startedAt = QDateTime::currentDateTimeUtc();
    m_clock.start();
    refreshRow(row);
    Q_EMIT stepStarted(row);
}

void StepModel::finish(const build::StepFinished &event)
{
    const int row = rowOf(event.step);
    if (row < 0)
        return;
    Step &step = m_steps[row];
    step.state = event.state;
    step.durationMs = event.durationMs;
    step.exitCode = event.exitCode;
    step.error = event.error;
    step.note = event.note;
    refreshRow(row);
    if (event.state == StepState::Failed)
        Q_EMIT stepFailed(row);
}

void StepModel::refreshRow(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void StepModel::tick()
{
    for (int row = 0; row < m_steps.size(); ++row) {
        if (m_steps[row].state == StepState::Running)
            Q_EMIT dataChanged(index(row, TimeColumn), index(row, TimeColumn), {Qt::DisplayRole});
    }
}

int StepModel::rowOf(int step) const
{
    const auto found = std::ranges::find(m_steps, step, [](const Step &s) { return s.info.index; });
    return found == m_steps.end() ? -1 : int(found - m_steps.begin());
}

const StepModel::Step *StepModel::failedStep() const
{
    const auto found = std::ranges::find(m_steps, StepState::Failed, &Step::state);
    return found == m_steps.end() ? nullptr : &*found;
}

int StepModel::finishedCount() const
{
    return int(std::ranges::count_if(m_steps, [](const Step &step) { return isOver(step.state); }));
}

int StepModel::stageCount() const
{
    QSet<int> stages;
    for (const Step &step : m_steps)
        stages.insert(step.info.stage);
    return int(stages.size());
}

int StepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

int StepModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString StepModel::display(const Step &step, int column) const
{
    switch (column) {
    case StateColumn:
        return stateWord(step.state);
    case StageColumn:
        return step.info.stageName;
    case InstructionColumn:
        return step.info.title;
    default:
        break;
    }
    if (step.state == StepState::Running) {
        const QString bytes = progressText(step.progress);
        return bytes.isEmpty() ? durationText(step.startedAt.msecsTo(QDateTime::currentDateTimeUtc()))
                               : bytes;
    }
    return step.durationMs > 0 ? durationText(step.durationMs) : QString();
}

QVariant StepModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Step &step = m_steps[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return display(step, index.column());
    case Qt::ToolTipRole:
        return step.note.isEmpty() ? step.info.title : step.info.title + u'\n' + step.note;
    case Qt::AccessibleTextRole:
        if (index.column() == InstructionColumn)
            return tr("%1, %2, line %3")
                .arg(step.info.title, stateWord(step.state))
                .arg(step.info.range.firstLine);
        return display(step, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == TimeColumn ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case StateRole:
        return QVariant::fromValue(int(step.state));
    case StepRole:
        return step.info.index;
    case LineRole:
        return step.info.range.firstLine;
    default:
        return {};
    }
}

QVariant StepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case StageColumn:
        return tr("Stage");
    case InstructionColumn:
        return tr("Instruction");
    default:
        return tr("Time");
    }
}

} // namespace cooperage::gui
