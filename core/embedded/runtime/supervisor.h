#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/guestrunner.h"

#include <QByteArray>

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace cooperage::embedded {

struct SupervisedCommand
{
    std::string initProgram;
    std::string store; ///< Other mounts below its active/ are hidden from the command.
    std::string merged;
    std::vector<std::string> argv;        ///< The runtime's command line.
    std::chrono::milliseconds timeout{0}; ///< 0: none.
};

struct SupervisedEnd
{
    ProcessOutcome outcome{}; ///< Of the main process.
    bool began = false;       ///< The container came up.
    bool timedOut = false;
    bool stopped = false;
    QByteArray words{}; ///< What supervisor and runtime themselves said.
};

/// Starts the runtime under the init program's `supervise` mode and blocks until every process of it is gone.
/// It dies with this thread. On time-out or stop everything is killed. `run` is what the container is for;
/// null for a call of the runtime without one.
[[nodiscard]] Result<SupervisedEnd> superviseRun(const SupervisedCommand &command, const GuestRun *run,
                                                 const std::stop_token &stop);

} // namespace cooperage::embedded
