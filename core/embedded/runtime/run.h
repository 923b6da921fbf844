#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// The OCI runtime that a trial run on this machine showed to work.
struct RuntimeChoice
{
    std::string program;                 ///< Absolute path of crun or runc.
    std::vector<std::string> globalArgs; ///< e.g. --cgroup-manager=disabled
    std::string version;
};

/// Tries crun, then runc, with the real config and a do-nothing program. The error names both failures and
/// the fix. With `only` the other one is left out.
[[nodiscard]] Result<RuntimeChoice> probeRuntime(const std::string &scratchFolder, const QString &only = {});

enum class OutputStream { Stdout, Stderr };

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
};

/// BadInput for what can never be started, whatever the image.
[[nodiscard]] Result<> checkSpec(const ProcessSpec &spec);

/// Why a run with a layer of so many bytes is not kept.
[[nodiscard]] Error layerTooLarge(std::int64_t bytes, std::int64_t limit);

/// Called on the running thread as output arrives, until the truncation limit is reached.
using OutputSink = std::function<void(OutputStream, const char *bytes, std::size_t size)>;

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
};

/// A root filesystem: the layers (bottom to top) under a draft's upper folder, mounted with overlayfs while
/// the object lives. Fails with the kernel's own words.
class MountedRoot
{
public:
    [[nodiscard]] static Result<MountedRoot> mount(Store &store, const std::vector<LayerId> &layers,
                                                   const LayerDraft &draft);
    /// The same with a further lower folder on top of the layers, which does not become part of the image.
    [[nodiscard]] static Result<MountedRoot> mountOver(Store &store, const std::vector<LayerId> &layers,
                                                       const std::string &extraLower,
                                                       const LayerDraft &draft);
    /// A read-only view of an image's layers, for inspecting.
    [[nodiscard]] static Result<MountedRoot> view(Store &store, const std::vector<LayerId> &layers,
                                                  const LayerDraft &draft);
    ~MountedRoot();
    MountedRoot(MountedRoot &&) noexcept;
    MountedRoot &operator=(MountedRoot &&) noexcept;

    [[nodiscard]] const std::string &path() const;
    /// Must be called before the draft is committed; never lazy.
    [[nodiscard]] Result<> unmount();

private:
    struct Private;
    explicit MountedRoot(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

/// Runs a process in `root` by the OCI runtime, in its own pid namespace that dies with this process; blocks
/// until it has ended. A triggered stop token kills it (ErrorKind::Cancelled), and so does a layer that grows
/// above its limit (ErrorKind::Full). Mount-point stubs never stay in the draft.
[[nodiscard]] Result<ProcessOutcome> runProcess(const RuntimeChoice &runtime, Store &store,
                                                const std::vector<LayerId> &layers, const LayerDraft &draft,
                                                const ProcessSpec &spec, const OutputSink &output,
                                                std::stop_token stop);

} // namespace cooperage::embedded
