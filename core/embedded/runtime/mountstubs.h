#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/runmount.h"
#include "core/embedded/store/store.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace cooperage::embedded {

/// Where something is mounted over the image.
struct MountPoint
{
    std::string path;
    bool isFolder = true;
    mode_t mode = 0755; ///< Where it has to be made.
};

/// Those that every container has, and those of these mounts.
[[nodiscard]] std::vector<MountPoint> mountPoints(const std::vector<RunMount> &mounts);

/// A folder of mount points, for one run.
struct StubLayer
{
    std::string folder;
    std::vector<std::string> made; ///< What it holds and the layers do not, parents first.

    /// Takes away what of it a command copied into a draft's upper folder by changing its attributes, where
    /// it is empty: the mount is gone.
    void removeCopies(const std::string &upper) const;
};

/// The runtime makes missing mount points (/proc, /etc/resolv.conf...) through the mounted root, and they
/// would become part of the image. So an extra layer of its own holds them, below the upper folder and for
/// one run only.
[[nodiscard]] Result<StubLayer> makeStubLayer(Store &store, const std::vector<LayerId> &layers,
                                              const LayerDraft &draft, const std::vector<MountPoint> &points);

/// Stubs that the extra layer could not provide, because the draft's own upper hides it (a staged /etc over
/// an image without one): made through the mount, and taken away again if they are still empty.
class ResidualStubs
{
public:
    /// `root` is the mounted root.
    [[nodiscard]] Result<> make(int root, const std::vector<MountPoint> &points);
    void remove(int root);

private:
    std::vector<std::string> m_made;
};

} // namespace cooperage::embedded
