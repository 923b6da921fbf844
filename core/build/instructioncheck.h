#pragma once

#include "core/base/error.h"
#include "core/dockerfile/tree.h"

namespace cooperage::build {

/// Refuses what this version of the builder cannot carry out, rather than doing something else, and mounts
/// that are wrong whatever variables come to. `network` is that of the build (PlanOptions). The error has no
/// place.
[[nodiscard]] Result<> checkSupported(const dockerfile::Instruction &instruction, const QString &network);

/// Whether an instruction does nothing but set what only an image's config holds: it is lost on an engine
/// that keeps none.
[[nodiscard]] bool onlySetsConfig(dockerfile::Keyword keyword);

} // namespace cooperage::build
