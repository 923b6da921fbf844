#pragma once

#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/registry/registryclient.h"
#include "core/images/reference.h"

namespace cooperage::embedded {

struct FetchedManifest
{
    ImageManifest manifest;
    bool chosen = false; ///< Out of an index, which says what it runs on.
};

/// The manifest of the reference's image for the first of the wanted platforms that there is, through an
/// index if there is one; every digest verified.
[[nodiscard]] Result<FetchedManifest>
fetchManifest(RegistryClient &client, const images::Reference &reference, const QList<Platform> &wanted);

/// The image's config as it is, verified.
[[nodiscard]] Result<QByteArray> fetchConfig(RegistryClient &client, const Descriptor &config,
                                             const QString &what);

} // namespace cooperage::embedded
