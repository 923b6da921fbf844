#include "core/build/stagebuilder.h"

#include "core/build/runstep.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Keyword;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("StageBuilder", text);
}

StageBuilder::StageBuilder(BuildJob *job, BuildSurroundings *surroundings, const PlannedStage &stage)
    : m_job(job),
      m_surroundings(surroundings),
      m_stage(stage),
      m_preparation{&job->plan, job->context, surroundings, job->commits(), job->stop.get_token()}
{
}

Task<StageEnd> StageBuilder::build()
{
    Result<> done = co_await open();
    if (done)
        done = co_await reuse();
    while (done && m_next < m_stage.steps.size())
        done = co_await carryOut(m_stage.steps[m_next]);
    if (done)
        done = co_await commitTrailing();
    if (done && isTarget() && m_job->keepsConfig() && !m_final)
        done = co_await commitConfig();
    if (!done) {
        fail(done.error());
        co_return std::unexpected(done.error());
    }
    co_return StageEnd{m_position.state, m_position.key, m_image};
}

Task<> StageBuilder::open()
{
    const PlannedStep from = m_stage.steps.first();
    start(from);
    const Result<OpenedStage> opened = co_await openStage(&m_preparation, m_stage);
    if (!opened)
        co_return std::unexpected(opened.error());
    m_position = opened->position;
    m_image = opened->image;
    m_stage = withTriggers(m_stage, *opened);
    const bool isImage = from.from->kind == StageSource::Kind::Image;
    const bool cached = !opened->imported && (!isImage || lookup(m_position.key));
    if (isImage && !cached)
        remember(m_position.key, from.info.title, from.info);
    else
        goOnFrom(m_position.key);
    finish(from, cached ? StepState::Cached : StepState::Done);
    co_return {};
}

std::optional<QString> StageBuilder::lookup(const QByteArray &key) const
{
    const auto layer = m_job->sessions->layer(m_job->session, key);
    return layer && !m_job->request.noCache ? std::optional(layer->image) : std::nullopt;
}

Task<bool> StageBuilder::stillExists(QByteArray key, QString image)
{
    const Result<engine::ImageRecord> record =
        co_await m_job->engine->resolve(image, m_job->stop.get_token());
    if (record)
        co_return true;
    if (record.error().kind != ErrorKind::NotFound)
        co_return std::unexpected(record.error());
    if (const Result<> forgotten = m_job->sessions->forgetLayer(m_job->session, key); !forgotten)
        co_return std::unexpected(forgotten.error());
    co_return false;
}

// The last step of the walk that made a layer; -1 if none did.
static qsizetype lastLayer(const CachedWalk &walk, const QByteArray &baseKey)
{
    for (qsizetype i = walk.steps.size() - 1; i >= 0; --i) {
        if (walk.steps[i].after.key != (i > 0 ? walk.steps[i - 1].after.key : baseKey))
            return i;
    }
    return -1;
}

// Only the last of the found layers is asked for: what it stands on cannot be missing while it is there.
Task<> StageBuilder::keepExisting(CachedWalk *walk)
{
    for (qsizetype last = lastLayer(*walk, m_position.key); last >= 0;
         last = lastLayer(*walk, m_position.key)) {
        const Result<bool> exists =
            co_await stillExists(walk->steps[last].after.key, walk->steps[last].image);
        if (!exists)
            co_return std::unexpected(exists.error());
        if (*exists)
            co_return {};
        walk->complete = false;
        walk->steps.resize(last);
        dropStaged(walk);
    }
    co_return {};
}

// The image of an earlier build with the same last layer and the same config; empty if there is none.
Task<QString> StageBuilder::cachedFinalImage(StepPosition end)
{
    const QByteArray key = finalKey(end);
    const std::optional<QString> image = lookup(key);
    if (!image)
        co_return QString();
    const Result<bool> exists = co_await stillExists(key, *image);
    if (!exists)
        co_return std::unexpected(exists.error());
    co_return *exists ? *image : QString();
}

Task<> StageBuilder::reuse()
{
    if (m_job->request.noCache)
        co_return {};
    const OpenedStage opened{m_position, m_image};
    const LayerLookup find = [this](const QByteArray &key) { return lookup(key); };
    CachedWalk walk = co_await walkCached(&m_preparation, m_stage, opened, find);
    const StepPosition end = walk.steps.isEmpty() ? m_position : walk.steps.last().after;
    const bool wantsConfig = walk.complete && isTarget() && m_job->keepsConfig() && end.state.changesConfig();
    QString final;
    if (wantsConfig) {
        const Result<QString> image = co_await cachedFinalImage(end);
        if (!image)
            co_return std::unexpected(image.error());
        final = *image;
    }
    if (final.isEmpty()) {
        const Result<> kept = co_await keepExisting(&walk);
        if (!kept)
            co_return kept;
    }
    // Steps at the end that only change the config are new if the final image is.
    qsizetype cached = walk.steps.size();
    while (wantsConfig && final.isEmpty() && cached > 0 && !walk.steps[cached - 1].prepared.key)
        --cached;
    for (qsizetype i = 0; i < walk.steps.size(); ++i) {
        const PlannedStep &step = m_stage.steps[i + 1];
        start(step);
        m_position = walk.steps[i].after;
        m_image = walk.steps[i].image;
        warnAboutConfig(step);
        finish(step, i < cached ? StepState::Cached : StepState::Done, walk.steps[i].prepared.note);
    }
    goOnFrom(m_position.key);
    m_final = !final.isEmpty();
    if (m_final)
        m_image = final;
    co_return {};
}

Task<> StageBuilder::carryOut(PlannedStep step)
{
    if (m_job->stop.stop_requested())
        co_return failure(ErrorKind::Cancelled, tr("the build was stopped"));
    start(step);
    StepPosition next = m_position;
    const Result<PreparedStep> prepared = co_await prepareStep(&m_preparation, step, &next);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    const Result<QString> image = co_await imageAfter(step, *prepared);
    if (!image)
        co_return std::unexpected(m_job->plan.placed(image.error(), step));
    advance(&next, *prepared, m_image, *image);
    m_position = next;
    m_image = *image;
    if (prepared->key)
        remember(*prepared->key, step.info.title, step.info);
    warnAboutConfig(step);
    finish(step, StepState::Done, prepared->note);
    co_return {};
}

Task<QString> StageBuilder::imageAfter(PlannedStep step, PreparedStep prepared)
{
    const std::stop_token stop = m_job->stop.get_token();
    if (prepared.run)
        co_return co_await runImage(step, prepared);
    if (prepared.copy) {
        if (prepared.layerKey)
            co_return co_await stackLayer(step, prepared);
        Result<Placement> placement =
            co_await placeCopy(m_job->tree.get(), *prepared.copy, m_image, m_staged, placeOptions(step));
        if (!placement)
            co_return std::unexpected(placement.error());
        if (m_job->commits())
            co_return co_await commitPlacement(*placement);
        m_staged << placement->entries;
        m_unpacked << placement->unpacked;
    }
    if (prepared.folder.size() > 1) {
        const QString user = m_position.state.user();
        Result<Placement> placement =
            co_await placeWorkdir(m_job->tree.get(), prepared.folder, user, m_image, stop);
        if (!placement)
            co_return std::unexpected(placement.error());
        if (m_job->commits())
            co_return co_await commitPlacement(*placement);
        m_staged << placement->entries;
    }
    co_return QString(m_image); // QCoro moves out of what is returned.
}

Task<QString> StageBuilder::commitPlacement(Placement placement)
{
    if (placement.entries.isEmpty())
        co_return QString(m_image);
    engine::CommitRequest request;
    request.image = m_image;
    request.entries = placement.entries;
    const Result<engine::ImageRecord> record =
        co_await m_job->engine->commit(request, m_job->stop.get_token());
    if (!record)
        co_return std::unexpected(record.error());
    m_operation = record->operation;
    co_return record->uuid;
}

PlaceOptions StageBuilder::placeOptions(const PlannedStep &step) const
{
    const auto report = [job = m_job, index = step.info.index](qint64 done, qint64 total,
                                                               const QString &what) {
        job->emitEvent(StepProgress{index, done, total, what});
    };
    return {report, m_job->stop.get_token(), m_job->commits()};
}

Task<QString> StageBuilder::runImage(PlannedStep step, PreparedStep prepared)
{
    const RunOrder order = *prepared.run;
    const Result<engine::RunOutcome> outcome =
        co_await carryOutRun(m_job, step.info.index, order, m_position.state, m_image, m_staged);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    m_operation = outcome->operation;
    m_exitCode = outcome->exitCode;
    if (outcome->outputTruncated)
        m_job->warn(step.info.index, tr("The engine kept only the first part of this step's output."));
    if (const std::optional<Error> error = runFailure(order, *outcome, m_job->request.timeoutSeconds))
        co_return std::unexpected(*error);
    m_staged.clear();
    m_unpacked.clear();
    co_return outcome->image;
}

Task<> StageBuilder::commitTrailing()
{
    if (m_position.pending.isEmpty() && m_position.folders.isEmpty())
        co_return {};
    const QByteArray key = trailingKey(m_position);
    const Placement placement{m_staged, m_unpacked};
    const Result<QString> image = co_await commitPlacement(placement);
    if (!image)
        co_return std::unexpected(image.error());
    m_image = *image;
    m_position.key = key;
    m_position.pending = {};
    m_position.folders.clear();
    remember(key, tr("files of %1").arg(m_stage.name), m_stage.steps.last().info);
    m_staged.clear();
    m_unpacked.clear();
    co_return {};
}

Task<> StageBuilder::commitConfig()
{
    if (!m_position.state.changesConfig())
        co_return {};
    engine::CommitRequest request;
    request.image = m_image;
    request.config = m_position.state.imageConfig(QDateTime::currentDateTimeUtc().toString(Qt::ISODate));
    const Result<engine::ImageRecord> record =
        co_await m_job->engine->commit(request, m_job->stop.get_token());
    if (!record)
        co_return std::unexpected(record.error());
    m_image = record->uuid;
    m_operation = record->operation;
    remember(finalKey(m_position), tr("image of %1").arg(m_stage.name), m_stage.steps.last().info);
    co_return {};
}

} // namespace cooperage::build
