#include "core/build/stagewalk.h"

#include "core/build/triggers.h"

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;

Task<OpenedStage> openStage(const Preparation *preparation, PlannedStage stage)
{
    const BuildPlan &plan = *preparation->plan;
    const PlannedStep from = stage.steps.first();
    OpenedStage opened;
    StageState &state = opened.position.state;
    state = StageState(plan.options.buildArgs, plan.globals, plan.file->directives.escape);
    switch (from.from->kind) {
    case StageSource::Kind::Scratch:
        state.startFromScratch();
        opened.position.key = scratchKey();
        break;
    case StageSource::Kind::Stage: {
        const Result<StageEnd> base = co_await preparation->surroundings->stage(from.from->stage);
        if (!base)
            co_return std::unexpected(plan.placed(base.error(), from));
        state.startFromStage(base->state);
        opened.position.key = base->key;
        opened.image = base->image;
        break;
    }
    case StageSource::Kind::Image: {
        const Result<BaseImage> base = co_await preparation->surroundings->base(from.from->image, from);
        if (!base)
            co_return std::unexpected(plan.placed(base.error(), from));
        state.startFromImage(base->config);
        opened.position.key = baseKey(base->uuid);
        opened.image = base->uuid;
        opened.imported = base->imported;
        break;
    }
    }
    if (stage.index == plan.target)
        state.setImageOptions(plan.options.labels, plan.options.created);
    const Result<QList<PlannedStep>> triggers = triggerSteps(plan, stage, state.inheritedTriggers());
    if (!triggers)
        co_return std::unexpected(triggers.error());
    opened.triggers = *triggers;
    co_return opened;
}

PlannedStage withTriggers(PlannedStage stage, const OpenedStage &opened)
{
    for (qsizetype i = 0; i < opened.triggers.size(); ++i)
        stage.steps.insert(1 + i, opened.triggers[i]);
    return stage;
}

void advance(StepPosition *position, const PreparedStep &step, const QString &before, const QString &image)
{
    position->state = step.after;
    if (step.key)
        position->key = *step.key;
    if (!step.history.isEmpty())
        position->state.addHistory(step.history, image == before);
}

QByteArray finalKey(const StepPosition &position)
{
    return configKey(position.key, position.state.imageConfig());
}

void dropStaged(CachedWalk *walk)
{
    qsizetype kept = walk->steps.size();
    for (qsizetype i = walk->steps.size() - 1; i >= 0 && !walk->steps[i].prepared.key; --i) {
        const PreparedStep &step = walk->steps[i].prepared;
        if (step.copy || step.folder.size() > 1)
            kept = i;
    }
    walk->steps.resize(kept);
}

QCoro::Task<CachedWalk> walkCached(const Preparation *preparation, PlannedStage stage, OpenedStage opened,
                                   LayerLookup lookup)
{
    CachedWalk walk;
    StepPosition position = opened.position;
    QString image = opened.image;
    for (qsizetype i = 1; i < stage.steps.size(); ++i) {
        Result<PreparedStep> step = co_await prepareStep(preparation, stage.steps[i], &position);
        if (!step) {
            walk.stopped = step.error();
            co_return walk;
        }
        const QString before = image;
        if (step->key) {
            const std::optional<QString> hit = lookup(*step->key);
            if (!hit) {
                dropStaged(&walk);
                co_return walk;
            }
            image = *hit;
        }
        advance(&position, *step, before, image);
        walk.steps << WalkedStep{*std::move(step), position, image};
    }
    walk.complete = true;
    if (!position.pending.isEmpty() || !position.folders.isEmpty()) {
        const QByteArray key = trailingKey(position);
        if (const std::optional<QString> hit = lookup(key)) {
            walk.steps.last().image = *hit;
            walk.steps.last().after.key = key;
            walk.steps.last().after.pending = {};
            walk.steps.last().after.folders = {};
        } else {
            dropStaged(&walk);
            walk.complete = false;
        }
    }
    co_return walk;
}

} // namespace cooperage::build
