#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/init/report.h"
#include "core/embedded/runtime/run.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace cooperage::embedded {

struct SupervisedCommand
{
    std::string initProgram;
    std::string store; ///< Other mounts below its active/ are hidden from the command.
    std::string merged;
    std::vector<std::string> argv; ///< The runtime's command line.
    std::string stdinData{};
    std::chrono::milliseconds timeout{0}; ///< 0: none.
    std::int64_t truncateAt = 1048576;
};

struct StreamCount
{
    std::int64_t passed = 0;
    std::int64_t dropped = 0;
};

struct SupervisedEnd
{
    std::optional<InitReport> report{}; ///< Missing if the command was killed or never started.
    bool timedOut = false;
    bool stopped = false;
    StreamCount out{};
    StreamCount err{};
    double elapsedSeconds = 0;
    Usage usage{}; ///< Of everything below the supervisor; the report is more exact.
};

/// Starts the runtime under the init program's `supervise` mode and blocks until every process of it is gone.
/// It dies with this thread. On time-out or stop everything is killed.
[[nodiscard]] Result<SupervisedEnd> superviseRun(const SupervisedCommand &command, const OutputSink &output,
                                                 const std::stop_token &stop);

} // namespace cooperage::embedded
