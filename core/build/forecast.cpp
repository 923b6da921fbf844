#include "core/build/forecast.h"

#include "core/build/stagewalk.h"
#include "core/images/reference.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;
using State = StepForecast::State;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Forecast", text);
}

namespace {

/// Answers from what earlier builds left. What will run is an error of kind Failed, what is unknown of kind
/// NotFound.
class Memory : public Surroundings
{
public:
    Memory(sessions::SessionStore *sessions, QString session, ImageConfigs configs)
        : m_sessions(sessions), m_session(std::move(session)), m_configs(std::move(configs))
    {
    }

    Task<StageEnd> stage(int fileIndex) override { co_return m_ends.value(fileIndex); }

    Task<BaseImage> base(QString reference, PlannedStep) override
    {
        const auto uuid =
            images::isUuid(reference) ? std::optional(reference) : m_sessions->baseImage(reference);
        const auto config = uuid ? m_configs.find(*uuid) : std::nullopt;
        if (!config)
            co_return failure(ErrorKind::NotFound,
                              tr("no build here has used the image %1 yet").arg(reference));
        co_return BaseImage{*uuid, *config};
    }

    Task<QString> commit(context::GitSource source, PlannedStep) override
    {
        const QString known = source.knownCommit();
        if (known.isEmpty())
            co_return failure(ErrorKind::NotFound,
                              tr("only the repository can say which commit \"%1\" is now")
                                  .arg(source.ref.isEmpty() ? u"HEAD"_s : source.ref));
        co_return known;
    }

    Task<AddedUrl> url(QString url, QByteArray expected, PlannedStep) override
    {
        if (!expected.isEmpty()) {
            AddedUrl added{urlFileName(url)};
            added.file.sha256 = expected;
            co_return added;
        }
        const auto known = m_sessions->url(m_session, url);
        if (!known)
            co_return failure(ErrorKind::Failed, tr("this URL was never fetched"));
        AddedUrl added{urlFileName(url)};
        added.file = {known->fileUuid, known->sha256, known->size};
        co_return added;
    }

    void setEnd(int fileIndex, const Result<StageEnd> &end) { m_ends.insert(fileIndex, end); }

private:
    sessions::SessionStore *m_sessions;
    QString m_session;
    ImageConfigs m_configs;
    QHash<int, Result<StageEnd>> m_ends;
};

} // namespace

static StepForecast fromError(const Error &error)
{
    return {error.kind == ErrorKind::Failed ? State::WillRun : State::Unknown, error.what};
}

// Steps after the last one that only change the config are as good as the final image is.
static void judgeConfig(const PlannedStage &stage, const CachedWalk &walk, const StepPosition &end,
                        const LayerLookup &lookup, QList<StepForecast> *result)
{
    if (!end.state.changesConfig() || lookup(finalKey(end)))
        return;
    for (qsizetype i = walk.steps.size() - 1; i >= 0 && !walk.steps[i].prepared.key; --i)
        (*result)[stage.steps[i + 1].info.index] = {State::WillRun,
                                                    tr("the image's settings were never built like this")};
}

static QCoro::Task<Result<StageEnd>> predictStage(const Preparation *preparation, PlannedStage stage,
                                                  bool judge, LayerLookup lookup, QList<StepForecast> *result)
{
    const auto fill = [&](qsizetype from, const StepForecast &forecast) {
        for (qsizetype i = from; i < stage.steps.size(); ++i)
            (*result)[stage.steps[i].info.index] = forecast;
    };
    const Result<OpenedStage> opened = co_await openStage(preparation, stage);
    if (!opened) {
        fill(0, fromError(opened.error()));
        co_return std::unexpected(opened.error());
    }
    (*result)[stage.steps.first().info.index] = {State::Cached};
    stage = withTriggers(stage, *opened);
    const CachedWalk walk = co_await walkCached(preparation, stage, *opened, lookup);
    const qsizetype walked = walk.steps.size();
    for (qsizetype i = 1; i <= walked; ++i)
        (*result)[stage.steps[i].info.index] = {State::Cached};
    if (walk.complete) {
        const StepPosition end = walked > 0 ? walk.steps.last().after : opened->position;
        if (judge)
            judgeConfig(stage, walk, end, lookup, result);
        co_return StageEnd{end.state, end.key, walked > 0 ? walk.steps.last().image : opened->image};
    }
    const StepForecast next =
        walk.stopped ? fromError(*walk.stopped) : StepForecast{State::WillRun, tr("never built")};
    const StepForecast rest = next.state == State::WillRun
                                  ? StepForecast{State::WillRun, tr("an earlier step runs")}
                                  : StepForecast{State::Unknown, tr("an earlier step is unknown")};
    fill(walked + 1, rest);
    (*result)[stage.steps[walked + 1].info.index] = next;
    co_return failure(next.state == State::WillRun ? ErrorKind::Failed : ErrorKind::NotFound,
                      tr("stage \"%1\" is not complete").arg(stage.name));
}

QCoro::Task<QList<StepForecast>> predict(const BuildPlan *plan,
                                         std::shared_ptr<const context::FolderContext> context,
                                         sessions::SessionStore *sessions, ForecastOptions options)
{
    const QString session = sessions::buildSessionName(context->root());
    Memory memory(sessions, session, options.configs);
    const LayerLookup lookup = [sessions, session](const QByteArray &key) -> std::optional<QString> {
        const auto layer = sessions->layer(session, key);
        return layer ? std::optional(layer->image) : std::nullopt;
    };
    const Preparation preparation{plan, context, &memory, options.commits, options.stop};
    QList<StepForecast> result(plan->stepCount());
    for (const PlannedStage &stage : plan->stages) {
        const bool judge = options.keepsConfig && stage.index == plan->target;
        const Result<StageEnd> end = co_await predictStage(&preparation, stage, judge, lookup, &result);
        memory.setEnd(stage.index, end);
    }
    co_return result;
}

} // namespace cooperage::build
