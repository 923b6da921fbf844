#pragma once

#include <cstdint>

namespace cooperage::embedded {

/// What the init in the container writes to the engine (descriptor 3) when the command has ended. Both are
/// built together and run on one machine: the bytes are the struct.
struct InitReport
{
    static constexpr std::uint32_t magic = 0x43706c31;
    std::uint32_t mark = magic;
    std::int32_t pid = 0;
    std::int32_t exitCode = -1; ///< -1 after a signal.
    std::int32_t signal = -1;   ///< -1 after an ordinary exit.
    double userSeconds = 0;
    double systemSeconds = 0;
    std::int64_t maxRssKb = 0;
    std::int64_t minorFaults = 0;
    std::int64_t majorFaults = 0;
    std::int64_t blockIn = 0;
    std::int64_t blockOut = 0;
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
};

inline constexpr int initReportFd = 3;

} // namespace cooperage::embedded
