#include "core/build/triggers.h"

#include "core/build/instructioncheck.h"
#include "core/build/mountgraph.h"
#include "core/dockerfile/mountoptions.h"
#include "core/dockerfile/parser.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Keyword;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildPlan", text);
}

// Behind a FROM, which the second phase of parsing asks for.
static Result<std::shared_ptr<const dockerfile::Dockerfile>> parsedTrigger(const QString &text)
{
    auto file = std::make_shared<dockerfile::Dockerfile>(dockerfile::parse(u"FROM scratch\n"_s + text));
    for (const dockerfile::Diagnostic &diagnostic : file->diagnostics) {
        if (diagnostic.severity == dockerfile::Severity::Error)
            return failure(ErrorKind::BadInput,
                           tr("%1 (in the base's trigger \"ONBUILD %2\")").arg(diagnostic.message, text));
    }
    if (file->instructions.size() != 2)
        return failure(ErrorKind::BadInput,
                       tr("onbuild trigger should be a single expression: %1").arg(text));
    const Keyword keyword = file->instructions[1].keyword;
    if (keyword == Keyword::From || keyword == Keyword::Maintainer || keyword == Keyword::Onbuild)
        return failure(ErrorKind::BadInput,
                       tr("%1 isn't allowed as an ONBUILD trigger").arg(dockerfile::keywordName(keyword)));
    return file;
}

static Result<> checkPlanned(const BuildPlan &plan, const dockerfile::StageList &list,
                             const StageSource &source)
{
    if (source.stage < 0 || std::ranges::contains(plan.stages, source.stage, &PlannedStage::index))
        return {};
    // The builder plans anew then: it knows the base's triggers now.
    return failure(ErrorKind::Cancelled,
                   tr("the base's trigger takes from the stage \"%1\", which was not planned")
                       .arg(list.stages[source.stage].displayName()));
}

static Result<std::optional<StageSource>> sourceOf(const BuildPlan &plan, const dockerfile::Stage &stage,
                                                   const Instruction &instruction)
{
    const auto from = instruction.flag(u"from");
    if (instruction.keyword != Keyword::Copy || !from)
        return std::nullopt;
    const dockerfile::StageList list = dockerfile::stagesOf(*plan.file);
    Result<StageSource> source = copySource(list, stage, *from);
    if (!source)
        return std::unexpected(source.error());
    if (source->stage > stage.index)
        return failure(ErrorKind::BadInput,
                       laterStageMessage(list.stages[source->stage].displayName(), stage.displayName()));
    return checkPlanned(plan, list, *source).transform([&source] { return std::optional(*source); });
}

static Result<QList<std::optional<StageSource>>>
mountsOf(const BuildPlan &plan, const dockerfile::Stage &stage, const Instruction &instruction)
{
    const dockerfile::StageList list = dockerfile::stagesOf(*plan.file);
    auto sources = mountSources(list, stage, instruction);
    Result<> fine = sources ? checkMountOrder(list, stage, instruction, *sources) : Result<>();
    for (qsizetype i = 0; sources && fine && i < sources->size(); ++i) {
        if (const std::optional<StageSource> source = sources->at(i))
            fine = checkPlanned(plan, list, *source);
    }
    return fine ? sources : std::unexpected(fine.error());
}

Result<QList<PlannedStep>> triggerSteps(const BuildPlan &plan, const PlannedStage &stage,
                                        const QJsonArray &triggers)
{
    const dockerfile::StageList list = dockerfile::stagesOf(*plan.file);
    QList<PlannedStep> steps;
    for (const QJsonValue trigger : triggers) {
        const auto file = parsedTrigger(trigger.toString());
        if (!file)
            return std::unexpected(plan.placed(file.error(), stage.steps.first()));
        PlannedStep step = stage.steps.first();
        step.instruction = 1;
        step.trigger = *file;
        const Instruction &instruction = plan.instruction(step);
        step.info.title = u"ONBUILD "_s + instruction.original.simplified();
        step.info.keyword = instruction.keyword;
        const auto source = checkSupported(instruction, plan.options.network).and_then([&] {
            return sourceOf(plan, list.stages[stage.index], instruction);
        });
        if (!source)
            return std::unexpected(plan.placed(source.error(), step));
        step.from = *source;
        const auto mounts = mountsOf(plan, list.stages[stage.index], instruction);
        if (!mounts)
            return std::unexpected(plan.placed(mounts.error(), step));
        step.mounts = *mounts;
        steps << step;
    }
    return steps;
}

QMap<QString, QStringList>
triggerSources(const BuildPlan &plan,
               const std::function<std::optional<QJsonObject>(const QString &reference)> &configOf)
{
    QMap<QString, QStringList> result;
    for (const PlannedStage &stage : plan.stages) {
        const QString reference = stage.steps.first().from->image;
        const auto config = reference.isEmpty() ? std::nullopt : configOf(reference);
        if (!config)
            continue;
        for (const QJsonValue trigger : (*config)[u"config"_s][u"OnBuild"_s].toArray()) {
            const auto file = parsedTrigger(trigger.toString());
            if (!file)
                continue;
            const Instruction &instruction = (*file)->instructions[1];
            if (const auto from = instruction.flag(u"from"))
                result[reference] << *from;
            for (const dockerfile::Flag &flag : instruction.flags) {
                const Result<QString> from = dockerfile::mountFrom(flag.value.value_or(QString()));
                if (flag.name == "mount"_L1 && from && !from->isEmpty())
                    result[reference] << *from;
            }
        }
    }
    return result;
}

} // namespace cooperage::build
