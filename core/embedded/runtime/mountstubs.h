#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

#include <string>
#include <vector>

namespace cooperage::embedded {

/// The runtime makes missing mount points (/proc, /etc/resolv.conf...) through the mounted root, and they
/// would become part of the image. So an extra layer of its own holds them, below the upper folder and for
/// one run only. Returns the path of that layer's folder.
[[nodiscard]] Result<std::string> makeStubLayer(Store &store, const std::vector<LayerId> &layers,
                                                const LayerDraft &draft);

/// Stubs that the extra layer could not provide, because the draft's own upper hides it (a staged /etc over
/// an image without one): made through the mount, and taken away again if they are still empty.
class ResidualStubs
{
public:
    /// `root` is the mounted root.
    [[nodiscard]] Result<> make(int root);
    void remove(int root);

private:
    struct Stub
    {
        std::string path;
        bool isFolder;
        timespec parentTime;
    };
    std::vector<Stub> m_made;
};

} // namespace cooperage::embedded
