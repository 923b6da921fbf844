#pragma once

#include "core/embedded/archive/imagemembers.h"

#include <vector>

namespace cooperage::embedded {

/// An image in an archive or folder: its config and where its layers lie.
struct ArchivedImage
{
    struct Layer
    {
        std::string member;
        QByteArray digest{}; ///< "sha256:..." of the member's bytes where the archive says it.
        qint64 size = 0;
    };

    QByteArray config;         ///< Verified where the archive says its digest.
    std::vector<Layer> layers; ///< Bottom to top.
};

/// The one image of a docker-archive (`manifest.json`; `docker save`, `podman save`, skopeo).
[[nodiscard]] Result<ArchivedImage> readDockerArchive(const ImageMembers &members);

/// The image for this machine of an OCI layout (`oci-layout`, `index.json`, `blobs/`).
[[nodiscard]] Result<ArchivedImage> readOciLayout(const ImageMembers &members);

} // namespace cooperage::embedded
