#include "core/build/mountgraph.h"

#include "core/dockerfile/mountoptions.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Stage;
using dockerfile::StageList;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildPlan", text);
}

static QStringList mountTexts(const Instruction &instruction)
{
    QStringList result;
    for (const dockerfile::Flag &flag : instruction.flags) {
        if (instruction.keyword == dockerfile::Keyword::Run && flag.name == "mount"_L1)
            result << flag.value.value_or(QString());
    }
    return result;
}

static Result<std::optional<StageSource>> sourceOf(const StageList &stages, const Stage &stage,
                                                   const QString &text)
{
    const Result<QString> from = dockerfile::mountFrom(text);
    if (!from)
        return std::unexpected(from.error());
    if (from->isEmpty())
        return std::nullopt;
    bool isNumber = false;
    (void)from->toInt(&isNumber);
    if (isNumber)
        return StageSource{StageSource::Kind::Image, -1, *from};
    return copySource(stages, stage, *from);
}

Result<QList<std::optional<StageSource>>> mountSources(const StageList &stages, const Stage &stage,
                                                       const Instruction &instruction)
{
    QList<std::optional<StageSource>> result;
    for (const QString &text : mountTexts(instruction)) {
        const Result<std::optional<StageSource>> source = sourceOf(stages, stage, text);
        if (!source)
            return std::unexpected(source.error());
        result << *source;
    }
    return result;
}

Result<> addMounts(StageGraph *graph, const Stage &stage, const Instruction &instruction, qsizetype index)
{
    const auto sources = mountSources(graph->list, stage, instruction);
    if (!sources)
        return std::unexpected(sources.error());
    if (index >= 0 && !sources->isEmpty())
        graph->mounts[index] = *sources;
    for (const std::optional<StageSource> &source : *sources) {
        if (source && source->stage >= 0)
            graph->edges[stage.index] << source->stage;
    }
    return {};
}

Result<> checkMountOrder(const StageList &stages, const Stage &stage, const Instruction &instruction,
                         const QList<std::optional<StageSource>> &sources)
{
    const QStringList texts = mountTexts(instruction);
    for (qsizetype i = 0; i < sources.size(); ++i) {
        if (!sources[i] || sources[i]->stage <= stage.index)
            continue;
        const auto asWritten = [](const QString &text) { return Result<QString>(text); };
        const QString target =
            dockerfile::readMount(texts[i], asWritten).value_or(dockerfile::MountOptions()).target;
        return failure(ErrorKind::BadInput, tr("cannot mount from stage \"%1\" to \"%2\", stage needs to be "
                                               "defined before current command")
                                                .arg(stages.stages[sources[i]->stage].displayName(), target));
    }
    return {};
}

} // namespace cooperage::build
