#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/runmount.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cooperage::embedded {

enum class OutputStream { Stdout, Stderr };

/// In characters.
struct TerminalSize
{
    std::uint16_t columns = 80;
    std::uint16_t rows = 24;
};

struct ProcessSpec
{
    std::vector<std::string> argv;
    std::map<std::string, std::string> env{}; ///< Complete; PATH, HOME, HOSTNAME are added where missing.
    std::string cwd{}; ///< Created if missing; empty: /root if there is one, else / (contract sections 8, 9).
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string hostname = "linuxkit";
    std::string stdinData{};
    bool keepStdinOpen = false; ///< After stdinData more can be sent.
    int timeoutSeconds = 60;
    std::int64_t truncateAt = 1048576; ///< Per stream.
    bool networking = true;
    std::int64_t maxLayerBytes = 0; ///< 0: no limit.
    /// The process gets a controlling terminal instead of pipes, and what it shows comes as standard output,
    /// without a limit. Closing its input hangs up. The time-out runs while nobody follows.
    std::optional<TerminalSize> terminal{};
    std::vector<RunMount> mounts{}; ///< Of the main process's container.
};

/// BadInput for what can never be started, whatever the image.
[[nodiscard]] Result<> checkSpec(const ProcessSpec &spec);

struct Usage
{
    double elapsedSeconds = 0;
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

/// How a process ended.
struct ProcessOutcome
{
    int exitCode = 0; ///< -1 after a signal or time-out.
    int signal = -1;
    int pid = 0;
    bool timedOut = false;
    bool stdoutTruncated = false;
    bool stderrTruncated = false;
    std::int64_t stdoutDropped = 0;
    std::int64_t stderrDropped = 0;
    std::int64_t layerBytes = 0; ///< What the layer had grown to, if that is above maxLayerBytes; else 0.
    Usage usage{};
};

/// Told about processes on the thread that runs them: started, output until the truncation limit is reached,
/// ended. A process that never came to run is not started. `spid` is its number in the instance, 1 the main
/// one.
class ProcessListener
{
public:
    virtual ~ProcessListener() = default;
    virtual void started(int spid, int pid, const std::string &cwd) = 0;
    virtual void wrote(int spid, OutputStream stream, const char *bytes, std::size_t size) = 0;
    virtual void ended(int spid, const ProcessOutcome &outcome) = 0;
    /// Whether a terminal's output shall wait; `Instance::wake` says that this may have changed.
    [[nodiscard]] virtual bool isBehind() const { return false; }
    /// When somebody last followed a terminal: its time-out counts from then.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> followedAt() const
    {
        return {};
    }
};

} // namespace cooperage::embedded
