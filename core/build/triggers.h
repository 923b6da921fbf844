#pragma once

#include "core/build/plan.h"

#include <QJsonArray>
#include <QJsonObject>

#include <functional>

namespace cooperage::build {

/// The steps of the ONBUILD triggers that a stage's base carries (spec 3.10): they are carried out behind
/// FROM, in order, and are reported as a part of it. Sources of COPY --from are stages of the file. Errors
/// have FROM's place; a stage that is not in the plan is an error of the kind Cancelled: the build has to be
/// planned anew with what the base's triggers need (see `triggerSources`).
[[nodiscard]] Result<QList<PlannedStep>> triggerSteps(const BuildPlan &plan, const PlannedStage &stage,
                                                      const QJsonArray &triggers);

/// PlanOptions::triggerSources of a plan's base images, as far as `configOf` knows their configs.
[[nodiscard]] QMap<QString, QStringList>
triggerSources(const BuildPlan &plan,
               const std::function<std::optional<QJsonObject>(const QString &reference)> &configOf);

} // namespace cooperage::build
