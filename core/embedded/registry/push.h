#pragma once

#include "core/embedded/archive/compressedsink.h"
#include "core/embedded/archive/import.h"
#include "core/embedded/registry/openregistry.h"

namespace cooperage::embedded {

struct PushRequest
{
    RegistryAccess access;                       ///< The reference has a tag and no digest.
    Compression compression = Compression::Gzip; ///< Of layers that the registry lacks.
    qint64 chunkSize = qint64(64) << 20;         ///< Bytes; larger blobs go in chunks.
};

struct PushedImage
{
    QByteArray digest; ///< Of the manifest, as the registry has stored it.
    QStringList notes{};
};

/// Sends an image to a registry. Layers that came from it, or went there before, are found again or mounted
/// from the repository where they are, with the digests they have there; the others are written and
/// compressed, one after the other, in a file in the store's tmp folder. Progress has no total.
[[nodiscard]] Result<PushedImage> pushImage(Store &store, const StoredImage &image,
                                            const PushRequest &request, const ImportProgress &progress,
                                            std::stop_token stop);

} // namespace cooperage::embedded
