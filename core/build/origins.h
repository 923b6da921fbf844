#pragma once

#include "core/build/prepare.h"

namespace cooperage::build {

/// What a COPY --from or RUN --mount of `step` takes from: waits for a stage, and has an image imported where
/// it is missing.
[[nodiscard]] engine::Task<CopyOrigin> originOf(const Preparation *preparation, PlannedStep step,
                                                StageSource source);

} // namespace cooperage::build
