#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <sys/types.h>

namespace cooperage::embedded {

struct SupervisedCommand;

/// A started supervisor and our ends of its pipes, none of which blocks. `in` is closed if there is nothing
/// to send.
struct SpawnedSupervisor
{
    pid_t pid = -1;
    Fd process{}; ///< pidfd
    Fd in{};
    Fd out{};
    Fd err{};
    Fd report{};
};

[[nodiscard]] Result<SpawnedSupervisor> spawnSupervisor(const SupervisedCommand &command);

} // namespace cooperage::embedded
