#pragma once

#include "core/base/error.h"
#include "core/dockerfile/tree.h"

namespace cooperage::build {

/// Refuses what this version of the builder cannot carry out, rather than doing something else: RUN --mount,
/// COPY --parents, ADD of git repositories, symbolic --chmod... The error has no place.
[[nodiscard]] Result<> checkSupported(const dockerfile::Instruction &instruction);

} // namespace cooperage::build
