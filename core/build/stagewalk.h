#pragma once

#include "core/build/prepare.h"

#include <functional>

namespace cooperage::build {

/// A stage behind its FROM.
struct OpenedStage
{
    StepPosition position;
    QString image; ///< Empty: an empty file system.
    bool imported = false;
    QList<PlannedStep> triggers{}; ///< To be carried out before the stage's own steps.
};

/// Finds a stage's base.
[[nodiscard]] engine::Task<OpenedStage> openStage(const Preparation *preparation, PlannedStage stage);

/// The stage with the triggers of its base behind FROM, as it is carried out.
[[nodiscard]] PlannedStage withTriggers(PlannedStage stage, const OpenedStage &opened);

/// A step that was made before.
struct WalkedStep
{
    PreparedStep prepared;
    StepPosition after;
    QString image; ///< The snapshot after the step.
};

/// The steps behind FROM that need not be carried out again, up to the first one that has to be.
struct CachedWalk
{
    QList<WalkedStep> steps;
    std::optional<Error> stopped{}; ///< The step after these could not be prepared.
    bool complete = false;          ///< All steps of the stage are there.
};

/// The snapshot that a layer key stands for, where it is known.
using LayerLookup = std::function<std::optional<QString>(const QByteArray &key)>;

/// Walks through the cached steps of a stage. Both the forecast and the builder decide by it what has to run.
[[nodiscard]] QCoro::Task<CachedWalk> walkCached(const Preparation *preparation, PlannedStage stage,
                                                 OpenedStage opened, LayerLookup lookup);

/// Puts `position` behind a prepared step that led from snapshot `before` to `image`.
void advance(StepPosition *position, const PreparedStep &step, const QString &before, const QString &image);

/// Drops the steps at the end that only staged files: those have to be staged again for the step that was not
/// found.
void dropStaged(CachedWalk *walk);

/// Key of the final image: the target's last layer with its config.
[[nodiscard]] QByteArray finalKey(const StepPosition &position);

} // namespace cooperage::build
