#include "core/build/instructioncheck.h"
#include "core/build/stagebuilder.h"
#include "core/dockerfile/parser.h"
#include "core/sessions/branches.h"
#include "core/sessions/imageorigins.h"

#include <QCoreApplication>
#include <QDir>

using namespace Qt::StringLiterals;

// What a StageBuilder tells of its steps, and what it leaves in the session.
namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("StageBuilder", text);
}

// The triggers of the base are a part of FROM: they are reported with it as one step.
void StageBuilder::start(const PlannedStep &step)
{
    m_started = true;
    m_exitCode.reset();
    m_operation.clear();
    if (step.trigger)
        return;
    m_timer.start();
    m_job->emitEvent(StepStarted{step.info.index});
}

void StageBuilder::finish(const PlannedStep &step, StepState state, const QString &note)
{
    ++m_next;
    if (m_fromState && *m_fromState != StepState::Cached)
        state = *m_fromState;
    if (m_next < m_stage.steps.size() && m_stage.steps[m_next].trigger) {
        m_fromState = state;
        return;
    }
    m_fromState.reset();
    StepFinished event;
    event.step = step.info.index;
    event.state = state;
    event.durationMs = m_timer.elapsed();
    event.image = m_image;
    event.exitCode = m_exitCode;
    event.note = note;
    m_started = false;
    m_cachedSteps += state == StepState::Cached ? 1 : 0;
    m_job->emitEvent(event);
}

void StageBuilder::fail(const Error &error)
{
    const bool cancelled = error.kind == ErrorKind::Cancelled;
    if (!cancelled && !m_job->firstError)
        m_job->firstError = error;
    if (m_started) {
        StepFinished event;
        event.step = m_stage.steps[m_next].info.index;
        event.state = cancelled ? StepState::Cancelled : StepState::Failed;
        event.durationMs = m_timer.elapsed();
        event.exitCode = m_exitCode;
        event.error = error;
        ++m_next;
        m_job->emitEvent(event);
    }
    for (; m_next < m_stage.steps.size(); ++m_next) {
        StepFinished event;
        if (m_stage.steps[m_next].trigger)
            continue;
        event.step = m_stage.steps[m_next].info.index;
        event.state = StepState::Skipped;
        m_job->emitEvent(event);
    }
    m_job->stop.request_stop();
}

static sessions::BuildPlace placeOf(const BuildJob &job, const StepInfo &step)
{
    const QString &path = job.request.dockerfilePath;
    return {.dockerfile = path.isEmpty() ? QDir(job.context->root()).filePath(u"Dockerfile"_s) : path,
            .step = step.index + 1,
            .line = step.range.firstLine};
}

// What is reused is the parent of what comes next: the way back from an image leads through it.
void StageBuilder::goOnFrom(const QByteArray &key)
{
    m_history = sessions::Branches(*m_job->sessions)
                    .tip(m_job->session, sessions::layerBranchName(key))
                    .value_or(m_history);
}

void StageBuilder::remember(const QByteArray &key, const QString &title, const StepInfo &step)
{
    const sessions::CachedLayer layer{key, m_image, title, m_timer.elapsed()};
    sessions::HistoryEntry entry;
    entry.image = m_image;
    entry.parent = m_history;
    entry.kind = u"build"_s;
    entry.title = title;
    entry.operation = m_operation;
    Result<> done = m_job->sessions->rememberLayer(m_job->session, layer);
    if (done) {
        const auto recorded = m_job->sessions->record(
            m_job->session, sessions::layerBranchName(key), entry,
            [this, &step](const sessions::HistoryEntry &added) {
                return sessions::ImageOrigins(*m_job->sessions).setPlace(added.id, placeOf(*m_job, step));
            });
        if (recorded)
            m_history = recorded->id;
        else
            done = std::unexpected(recorded.error());
    }
    if (!done) // The snapshot is there; only the next build will not find it.
        m_job->warn(-1,
                    tr("This layer could not be remembered for the next build. %1").arg(done.error().text()));
}

void StageBuilder::warnAboutConfig(const PlannedStep &step)
{
    if (m_job->keepsConfig() || !onlySetsConfig(step.info.keyword))
        return;
    m_job->warn(step.info.index,
                tr("%1 (line %2) is not in the image: this engine keeps no image settings. They are "
                   "kept on this computer for `cooperage export`.")
                    .arg(dockerfile::keywordName(step.info.keyword))
                    .arg(step.info.range.firstLine));
}

} // namespace cooperage::build
