#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <sys/types.h>

namespace cooperage::embedded {

struct SupervisedCommand;

/// A started supervisor and our ends of what connects us with it. `words` does not block.
struct SpawnedSupervisor
{
    pid_t pid = -1;
    Fd process{}; ///< pidfd
    Fd words{};   ///< Output and errors of the supervisor and the runtime.
    Fd channel{}; ///< To the container's init.
};

[[nodiscard]] Result<SpawnedSupervisor> spawnSupervisor(const SupervisedCommand &command);

} // namespace cooperage::embedded
