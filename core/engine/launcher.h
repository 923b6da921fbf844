#pragma once

#include "core/engine/engine.h"
#include "core/engine/localpaths.h"

/// Starting and ending the embedded engine: one process per user, which the programs that use it share.
namespace cooperage::engine {

/// Makes sure that the engine answers, starting it if nobody does. Any number of programs may do so at once.
/// If the engine cannot start, the error holds what it said last.
[[nodiscard]] Task<> startLocalEngine(LocalPaths paths, std::stop_token stop = {});

/// Asks the engine to end and waits until it has. False: it was not running.
[[nodiscard]] Task<bool> stopLocalEngine(LocalPaths paths, std::stop_token stop = {});

struct LocalStatus
{
    bool running = false;
    qint64 processId = 0; ///< 0: unknown.
    EngineInfo info{};
};

/// Asks without starting anything.
[[nodiscard]] Task<LocalStatus> localEngineStatus(LocalPaths paths, std::stop_token stop = {});

} // namespace cooperage::engine
