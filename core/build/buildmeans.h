#pragma once

#include "core/build/buildjob.h"

namespace cooperage::build {

/// Loads the secrets and opens the SSH agents that the build was given: before anything else is done.
[[nodiscard]] engine::Task<> openMeans(BuildJob *job);

/// Refuses a plan with mounts where the engine has none: such a step cannot be carried out at all.
[[nodiscard]] Result<> checkMountsPossible(const BuildJob &job);

} // namespace cooperage::build
