#include "app/operations/operationlist.h"

#include "app/buildpane/buildcontroller.h"
#include "app/connections/enginesession.h"

#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::gui {

using build::StepState;

namespace {

constexpr int listed = 300;
constexpr int subjectsAtOnce = 20; ///< Commands that one refresh asks for.

StepState toState(engine::OperationState state)
{
    using enum engine::OperationState;
    switch (state) {
    case Pending:
        return StepState::Waiting;
    case Assigned:
    case Executing:
        return StepState::Running;
    case Success:
        return StepState::Done;
    case Failed:
        return StepState::Failed;
    case Cancelled:
        break;
    }
    return StepState::Cancelled;
}

/// The operations, with their metadata but for those in `known`.
engine::Task<QList<engine::OperationRecord>> readOperations(QPointer<engine::Engine> engine,
                                                            QSet<QString> known, std::stop_token stop)
{
    auto operations = co_await engine->operations(listed, stop);
    if (!operations)
        co_return std::unexpected(operations.error());
    if (!engine) // Deleted while its answer was on the way.
        co_return operations;
    int asked = 0;
    for (engine::OperationRecord &operation : *operations) {
        if (!operation.metadata.isEmpty() || known.contains(operation.uuid) || asked++ >= subjectsAtOnce)
            continue;
        const auto whole = co_await engine->operation(operation.uuid, stop);
        if (!whole || !engine)
            break;
        operation.metadata = whole->metadata;
    }
    co_return operations;
}

} // namespace

bool Activity::isOver() const
{
    return state != StepState::Waiting && state != StepState::Running;
}

OperationList::OperationList(EngineSession *session, BuildController *builds, QObject *parent)
    : QObject(parent), m_session(session), m_builds(builds)
{
    m_poll.setInterval(2s);
    connect(&m_poll, &QTimer::timeout, this, &OperationList::refresh);
    connect(session, &EngineSession::stateChanged, this, [this] {
        if (m_poll.isActive())
            refresh();
    });
    followBuilds();
}

OperationList::~OperationList()
{
    m_stop.request_stop();
}

void OperationList::setWatched(bool watched)
{
    if (!watched) {
        m_poll.stop();
    } else if (!m_poll.isActive()) {
        m_poll.start();
        refresh();
    }
}

void OperationList::followBuilds()
{
    connect(m_builds, &BuildController::started, this, [this] {
        const build::BuildRequest &request = m_builds->request();
        const QString what =
            request.tags.isEmpty() ? QFileInfo(request.contextFolder).fileName() : request.tags.join(u", "_s);
        m_buildTime.start();
        m_localBuilds.prepend({.id = u"build-%1"_s.arg(m_localBuilds.size() + 1),
                               .kind = u"build"_s,
                               .state = StepState::Running,
                               .subject = what,
                               .startedAt = QDateTime::currentDateTimeUtc()});
        publish();
    });
    connect(m_builds, &BuildController::finished, this, [this](const build::BuildFinished &outcome) {
        Activity &activity = m_localBuilds.first();
        activity.durationMs = m_buildTime.elapsed();
        if (outcome.result) {
            activity.state = StepState::Done;
            activity.image = outcome.result->image;
        } else {
            const Error &error = outcome.result.error();
            activity.state = error.kind == ErrorKind::Cancelled ? StepState::Cancelled : StepState::Failed;
            activity.error = error.text();
        }
        publish();
    });
}

void OperationList::refresh()
{
    if (m_session->state() != EngineSession::State::Ready || std::exchange(m_loading, true))
        return;
    auto task = readOperations(m_session->engine(), m_final, m_stop.get_token());
    QCoro::connect(std::move(task), this, [this](const Result<QList<engine::OperationRecord>> &operations) {
        m_loading = false;
        if (operations) {
            take(*operations);
            return;
        }
        m_session->report(operations.error());
        Q_EMIT failed(operations.error());
    });
}

void OperationList::take(const QList<engine::OperationRecord> &operations)
{
    m_loaded = true;
    m_operations.clear();
    for (const engine::OperationRecord &operation : operations) {
        const bool over = engine::isOver(operation.state);
        engine::OperationDetails &details = m_details[operation.uuid];
        if (!operation.metadata.isEmpty()) {
            details = engine::detailsOf(operation);
            details.output.clear();
            details.errors.clear();
            if (over)
                m_final.insert(operation.uuid);
        }
        const bool wentWrong = details.exitCode.value_or(0) != 0;
        m_operations.append({.id = operation.uuid,
                             .kind = operation.kind,
                             .state = wentWrong ? StepState::Failed : toState(operation.state),
                             .subject = details.subject,
                             .startedAt = operation.createdAt,
                             .durationMs = over ? qint64(operation.durationSeconds * 1000) : 0,
                             .image = operation.resultImage,
                             .error = operation.error,
                             .exitCode = details.exitCode});
    }
    publish();
    const auto shown = std::ranges::find(m_operations, m_shown, &Activity::id);
    if (shown != m_operations.end() && !shown->isOver())
        readOutput();
}

void OperationList::publish()
{
    QList<Activity> all = m_localBuilds + m_operations;
    std::ranges::stable_sort(all, std::ranges::greater(), &Activity::startedAt);
    m_activities = all;
    Q_EMIT changed();
}

void OperationList::showOutput(const QString &id)
{
    m_shown = id;
    readOutput();
}

void OperationList::readOutput()
{
    if (m_shown.isEmpty() || !std::ranges::contains(m_operations, m_shown, &Activity::id))
        return;
    QCoro::connect(m_session->engine()->operation(m_shown, m_stop.get_token()), this,
                   [this](const Result<engine::OperationRecord> &operation) {
                       if (operation)
                           Q_EMIT outputRead(operation->uuid, engine::detailsOf(*operation));
                       else
                           Q_EMIT failed(operation.error());
                   });
}

void OperationList::cancel(const QString &id)
{
    if (!m_localBuilds.isEmpty() && m_localBuilds.first().id == id) {
        m_builds->stop();
        return;
    }
    QCoro::connect(m_session->engine()->cancel(id), this, [this](const Result<> &done) {
        if (!done)
            Q_EMIT failed(done.error());
        refresh();
    });
}

} // namespace cooperage::gui
