#include "core/build/builder.h"

#include "core/build/buildmeans.h"
#include "core/build/jobchecks.h"
#include "core/build/jobplan.h"
#include "core/build/stagebuilder.h"
#include "core/dockerfile/parser.h"
#include "core/engine/background.h"
#include "core/images/reference.h"
#include "core/sessions/sessionstore.h"
#include "core/sessions/tagging.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QStandardPaths>

#include <iterator>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Builder", text);
}

struct Builder::Private
{
    engine::Engine *engine;
    sessions::SessionStore *sessions;
    std::shared_ptr<BuildJob> job{}; ///< The running build.
};

Builder::Builder(engine::Engine *engine, sessions::SessionStore *sessions, QObject *parent)
    : QObject(parent), d(new Private{engine, sessions})
{
}

Builder::~Builder()
{
    stop();
}

void Builder::stop()
{
    if (!d->job)
        return;
    d->job->stoppedByUser = true;
    d->job->stop.request_stop();
}

namespace {

/// What is read from disk before anything is planned.
struct Sources
{
    dockerfile::Dockerfile file;
    std::shared_ptr<const context::FolderContext> context;
};

} // namespace

static Result<Sources> readSources(const BuildRequest &request)
{
    const QFileInfo folder(request.contextFolder);
    if (!folder.isDir())
        return failure(ErrorKind::NotFound, tr("The build context is not a folder"), request.contextFolder,
                       tr("Name the folder that holds the Dockerfile and the files that it copies."));
    const QString path = request.dockerfilePath.isEmpty()
                             ? folder.absoluteFilePath() + u"/Dockerfile"_s
                             : QFileInfo(request.dockerfilePath).absoluteFilePath();
    Sources sources;
    if (request.dockerfileText) {
        sources.file = dockerfile::parse(*request.dockerfileText);
    } else {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return failure(QFileInfo::exists(path) ? ErrorKind::Denied : ErrorKind::NotFound,
                           tr("Cannot read the Dockerfile: %1").arg(file.errorString()), path,
                           tr("Create it, or name another file with --dockerfile."));
        sources.file = dockerfile::parseBytes(file.readAll());
    }
    context::FolderContextOptions options;
    options.dockerfile = path;
    options.builtInExcludes = request.builtInExcludes;
    const QString cache =
        QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + u"/cooperage"_s;
    if (QDir().mkpath(cache))
        options.hashCacheFile = cache + u"/file-hashes.db"_s;
    Result<std::unique_ptr<context::FolderContext>> context =
        context::FolderContext::open(folder.absoluteFilePath(), options);
    if (!context)
        return std::unexpected(context.error());
    sources.context = std::shared_ptr<const context::FolderContext>(std::move(*context));
    return sources;
}

static Task<> prepareJob(BuildJob *job)
{
    for (const QString &tag : job->request.tags) {
        if (const Result<> fine = images::checkTag(tag); !fine)
            co_return fine;
    }
    if (const Result<> opened = co_await openMeans(job); !opened)
        co_return opened;
    auto work = [request = job->request] { return readSources(request); };
    Result<Sources> sources = co_await inBackground(std::move(work));
    if (!sources)
        co_return std::unexpected(sources.error());
    job->context = sources->context;
    job->session = sessions::buildSessionName(job->context->root());
    if (const Result<> planned = planJob(job, std::move(sources->file)); !planned)
        co_return planned;
    const PlanReady ready{job->plan.steps()};
    job->emitEvent(ready);
    if (const Result<> fine = co_await checkFile(job); !fine)
        co_return fine;
    Result<engine::EngineInfo> info = co_await job->engine->info(job->stop.get_token());
    if (!info)
        co_return std::unexpected(info.error());
    job->info = *info;
    if (const Result<> fine = checkMountsPossible(*job); !fine)
        co_return fine;
    job->tree = std::make_unique<ImageTree>(job->engine);
    co_return {};
}

static Task<StageEnd> buildStage(StageBuilder *builder, BuildSurroundings *surroundings, int index)
{
    Result<StageEnd> end = co_await builder->build();
    surroundings->finish(index, end);
    co_return end;
}

// Starts all stages at once; those that need another one wait for it.
static Task<StageEnd> buildStages(BuildJob *job, int *cachedSteps)
{
    BuildSurroundings surroundings(job);
    std::vector<std::unique_ptr<StageBuilder>> builders;
    std::vector<Task<StageEnd>> running;
    for (const PlannedStage &stage : job->plan.stages)
        builders.push_back(std::make_unique<StageBuilder>(job, &surroundings, stage));
    for (size_t i = 0; i < builders.size(); ++i) {
        const int index = job->plan.stages[static_cast<qsizetype>(i)].index;
        running.push_back(buildStage(builders[i].get(), &surroundings, index));
    }
    Result<StageEnd> target = failure(ErrorKind::Cancelled, tr("The build was stopped"));
    for (size_t i = 0; i < running.size(); ++i) {
        Result<StageEnd> end = co_await running[i];
        *cachedSteps += builders[i]->cachedSteps();
        if (job->plan.stages[static_cast<qsizetype>(i)].index == job->plan.target)
            target = std::move(end);
    }
    if (job->firstError)
        co_return std::unexpected(*job->firstError);
    co_return target;
}

// Where the engine holds no settings, a later build or export on this machine has them from here.
static void keepConfig(const BuildJob &job, const StageEnd &end)
{
    if (job.keepsConfig() || end.image.isEmpty())
        return;
    const QString now = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    const QJsonObject config = end.state.imageConfig(now);
    Result<> kept = ImageConfigs::ofResults().keep(end.image, config);
    if (kept && end.key != baseKey(end.image)) // Other builds of the same base shall not see it.
        kept = ImageConfigs().keep(end.image, config);
    if (!kept)
        job.warn(-1,
                 tr("The image's settings could not be kept for its export: %1").arg(kept.error().text()));
}

static Task<BuildResult> runJob(std::shared_ptr<BuildJob> job)
{
    BuildResult result;
    const Result<> prepared = co_await prepareJob(job.get());
    if (!prepared)
        co_return std::unexpected(prepared.error());
    warnOfUnusedArgs(*job);
    result.steps = job->plan.stepCount();
    Result<StageEnd> end = co_await buildStages(job.get(), &result.cachedSteps);
    while (!end && !job->firstError && !job->stoppedByUser) { // A base that came just now has such triggers.
        const Result<bool> planned = planTriggersAnew(job.get());
        if (!planned)
            co_return std::unexpected(planned.error());
        if (!*planned)
            break;
        job->stop = std::stop_source();
        result.steps = job->plan.stepCount();
        result.cachedSteps = 0;
        const PlanReady ready{job->plan.steps()};
        job->emitEvent(ready);
        end = co_await buildStages(job.get(), &result.cachedSteps);
    }
    if (!end)
        co_return std::unexpected(end.error());
    result.image = end->image;
    keepConfig(*job, *end);
    result.session = job->session;
    if (result.image.isEmpty())
        co_return failure(ErrorKind::BadInput, tr("The build made no image: its last stage is empty"));
    for (const QString &tag : std::as_const(job->request.tags)) {
        sessions::TagChange change;
        change.tag = tag;
        change.after = result.image;
        change.command = u"build"_s;
        const auto tagged = co_await sessions::changeTag(job->engine, job->sessions, change);
        if (!tagged)
            co_return std::unexpected(tagged.error());
        result.tags << tag;
    }
    if (result.cachedSteps < result.steps) {
        sessions::HistoryEntry entry;
        entry.image = result.image;
        entry.kind = u"build"_s;
        entry.title =
            result.tags.isEmpty() ? job->plan.stage(job->plan.target).name : result.tags.join(u", "_s);
        const auto recorded = job->sessions->record(job->session, u"main"_s, entry);
        if (!recorded)
            job->warn(-1, recorded.error().text());
    }
    co_return result;
}

Task<BuildResult> Builder::build(BuildRequest request)
{
    if (d->job)
        co_return failure(ErrorKind::Failed, tr("A build is running already"), {},
                          tr("Wait for it or stop it."));
    QElapsedTimer timer;
    timer.start();
    const auto job = std::make_shared<BuildJob>();
    job->request = std::move(request);
    job->engine = d->engine;
    job->sessions = d->sessions;
    QPointer<Builder> self(this);
    job->emitEvent = [self](const BuildEvent &happened) {
        if (self)
            Q_EMIT self->event(happened);
    };
    job->signInNeeded = [self](const QString &host) {
        if (self)
            Q_EMIT self->signInNeeded(host);
    };
    d->job = job;
    Result<BuildResult> result = co_await runJob(job);
    if (result)
        result->durationMs = timer.elapsed();
    if (self) {
        self->d->job.reset();
        const BuildFinished finished{result};
        Q_EMIT self->event(finished);
    }
    co_return result;
}

} // namespace cooperage::build
