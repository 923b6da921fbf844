#include "core/build/plan.h"

#include "core/build/instructioncheck.h"
#include "core/build/mountgraph.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Stage;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildPlan", text);
}

const Instruction &BuildPlan::instruction(const PlannedStep &step) const
{
    return (step.trigger ? step.trigger : file)->instructions[step.instruction];
}

const QString &BuildPlan::text(const PlannedStep &step) const
{
    return (step.trigger ? step.trigger : file)->text;
}

QList<StepInfo> BuildPlan::steps() const
{
    QList<StepInfo> result;
    for (const PlannedStage &stage : stages) {
        for (const PlannedStep &step : stage.steps)
            result << step.info;
    }
    return result;
}

int BuildPlan::stepCount() const
{
    return stages.isEmpty() ? 0 : stages.last().steps.last().info.index + 1;
}

const PlannedStage &BuildPlan::stage(int fileIndex) const
{
    return *std::ranges::find(stages, fileIndex, &PlannedStage::index);
}

QString BuildPlan::place(const PlannedStep &step) const
{
    return placeIn(*file, options, step.info.range.begin);
}

Error BuildPlan::placed(Error error, const PlannedStep &step) const
{
    if (error.where.isEmpty())
        error.where = place(step);
    else if (!error.where.startsWith(options.fileName + u':')) {
        error.what = error.where + u": "_s + error.what;
        error.where = place(step);
    }
    return error;
}

static Result<> checkMounts(const StageGraph &graph, const Stage &stage, const Instruction &instruction,
                            const QList<std::optional<StageSource>> &sources)
{
    for (const std::optional<StageSource> &source : sources) {
        if (source && source->stage > stage.index && graph.reachableFrom(source->stage).contains(stage.index))
            return failure(ErrorKind::BadInput,
                           tr("circular dependency detected on stage: %1").arg(stage.displayName()));
    }
    return checkMountOrder(graph.list, stage, instruction, sources);
}

// What only matters in stages that the target needs.
static Result<> checkStage(const dockerfile::Dockerfile &file, const PlanOptions &options,
                           const StageGraph &graph, const Stage &stage)
{
    for (const qsizetype index : stage.body) {
        const Instruction &instruction = file.instructions[index];
        const QString place = placeIn(file, options, instruction.range.begin);
        if (const Result<> supported = checkSupported(instruction, options.network); !supported) {
            const Error &error = supported.error();
            return failure(error.kind, error.what, place, error.next);
        }
        if (const Result<> fine = checkMounts(graph, stage, instruction, graph.mounts.value(index)); !fine)
            return failure(fine.error().kind, fine.error().what, place);
        const auto source = graph.sources.constFind(index);
        if (source == graph.sources.constEnd() || source->stage <= stage.index)
            continue;
        const Stage &later = graph.list.stages[source->stage];
        if (graph.reachableFrom(later.index).contains(stage.index))
            return failure(ErrorKind::BadInput,
                           tr("circular dependency detected on stage: %1").arg(stage.displayName()), place);
        return failure(ErrorKind::BadInput, laterStageMessage(later.displayName(), stage.displayName()),
                       place);
    }
    return {};
}

static PlannedStage plannedStage(const dockerfile::Dockerfile &file, const StageGraph &graph,
                                 const Stage &stage, int firstStep)
{
    PlannedStage result{stage.index, stage.displayName(), {}};
    for (const qsizetype index : QList<qsizetype>{stage.from} + stage.body) {
        const Instruction &instruction = file.instructions[index];
        PlannedStep step;
        step.info = {firstStep++,         stage.index,      result.name, instruction.original.simplified(),
                     instruction.keyword, instruction.range};
        step.instruction = index;
        if (const auto source = graph.sources.constFind(index); source != graph.sources.constEnd())
            step.from = *source;
        step.mounts = graph.mounts.value(index);
        result.steps << step;
    }
    return result;
}

Result<BuildPlan> makePlan(dockerfile::Dockerfile file, const PlanOptions &options)
{
    for (const dockerfile::Diagnostic &diagnostic : file.diagnostics) {
        if (diagnostic.severity == dockerfile::Severity::Error)
            return failure(ErrorKind::BadInput, diagnostic.message,
                           placeIn(file, options, diagnostic.range.begin));
    }
    const Result<StageGraph> graph = makeStageGraph(file, options);
    if (!graph)
        return std::unexpected(graph.error());
    BuildPlan plan{{}, options, graph->globals, {}, graph->target};
    const QSet<int> needed = graph->reachableFrom(plan.target);
    for (const Stage &stage : graph->list.stages) {
        if (!needed.contains(stage.index))
            continue;
        if (const Result<> fine = checkStage(file, options, *graph, stage); !fine)
            return std::unexpected(fine.error());
        plan.stages << plannedStage(file, *graph, stage, plan.stepCount());
    }
    plan.file = std::make_shared<const dockerfile::Dockerfile>(std::move(file));
    return plan;
}

} // namespace cooperage::build
