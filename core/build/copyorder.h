#pragma once

#include "core/build/prepare.h"

namespace cooperage::build {

/// Reads a COPY or ADD: expands its words, finds and hashes its sources. The hashing runs on a pool thread.
[[nodiscard]] engine::Task<CopyOrder> copyOrder(const Preparation *preparation, PlannedStep step,
                                                StageState state);

/// BuildKit's text in the history: "COPY --chown=u a b /c # buildkit".
[[nodiscard]] QString copyHistory(const dockerfile::Instruction &instruction, const StageState &state);

} // namespace cooperage::build
