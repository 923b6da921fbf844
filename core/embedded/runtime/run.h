#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/process.h"
#include "core/embedded/store/store.h"

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

/// Called on the running thread as output arrives, until the truncation limit is reached.
using OutputSink = std::function<void(OutputStream, const char *bytes, std::size_t size)>;

/// Why a run with a layer of so many bytes is not kept.
[[nodiscard]] Error layerTooLarge(std::int64_t bytes, std::int64_t limit);

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
