#pragma once

#include "core/build/plan.h"

#include <QJsonArray>

namespace cooperage::build {

/// The steps of the ONBUILD triggers that a stage's base carries (spec 3.10): they are carried out behind
/// FROM, in order, and are reported as a part of it. Sources of COPY --from are stages of the file. Errors
/// have FROM's place.
[[nodiscard]] Result<QList<PlannedStep>> triggerSteps(const BuildPlan &plan, const PlannedStage &stage,
                                                      const QJsonArray &triggers);

} // namespace cooperage::build
