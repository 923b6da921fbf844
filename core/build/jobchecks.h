#pragma once

#include "core/build/buildjob.h"

namespace cooperage::build {

/// Tells what the checks say of the build's Dockerfile, each at the step of its line; fails where the file
/// wants no build then (`# check=error=true`).
[[nodiscard]] engine::Task<> checkFile(BuildJob *job);

} // namespace cooperage::build
