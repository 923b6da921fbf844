#pragma once

#include "core/build/buildevent.h"
#include "core/build/stagegraph.h"

#include <memory>
#include <optional>

namespace cooperage::build {

struct PlannedStep
{
    StepInfo info;
    qsizetype instruction = 0;                  ///< Index into Dockerfile::instructions.
    std::optional<StageSource> from{};          ///< FROM, and COPY --from.
    QList<std::optional<StageSource>> mounts{}; ///< RUN: what each --mount takes from.
    /// Of a step that the base's ONBUILD asks for; `instruction` is an index into it.
    std::shared_ptr<const dockerfile::Dockerfile> trigger{};
};

/// A stage that the target needs. Its first step is FROM.
struct PlannedStage
{
    int index = 0; ///< In the file.
    QString name;  ///< "builder", "stage-1"
    QList<PlannedStep> steps;
};

/// What has to be done for one target: the stages that it needs, in file order, and where each takes its
/// files from (spec section 4).
struct BuildPlan
{
    std::shared_ptr<const dockerfile::Dockerfile> file;
    PlanOptions options;
    VariableMap globals; ///< Values of global and platform ARGs.
    QList<PlannedStage> stages;
    int target = 0; ///< File index of the target stage.

    [[nodiscard]] const dockerfile::Instruction &instruction(const PlannedStep &step) const;
    /// The text that the instruction's ranges point into.
    [[nodiscard]] const QString &text(const PlannedStep &step) const;
    [[nodiscard]] QList<StepInfo> steps() const;
    [[nodiscard]] int stepCount() const;
    /// The planned stage of that file index. It must be planned.
    [[nodiscard]] const PlannedStage &stage(int fileIndex) const;
    /// "Dockerfile:12:1", the place of an instruction; FROM's for the triggers of its base.
    [[nodiscard]] QString place(const PlannedStep &step) const;
    /// The error with the step's place, where it has none.
    [[nodiscard]] Error placed(Error error, const PlannedStep &step) const;
};

/// Fails with the file's first syntax error, an unknown target, a stage that takes from a later one or from
/// itself, and what this version cannot carry out, each with its place.
[[nodiscard]] Result<BuildPlan> makePlan(dockerfile::Dockerfile file, const PlanOptions &options);

} // namespace cooperage::build
