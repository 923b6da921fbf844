#pragma once

#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/registry/registryclient.h"
#include "core/images/reference.h"

namespace cooperage::embedded {

/// The manifest of the reference's image for this machine, through an index if there is one; every digest
/// verified.
[[nodiscard]] Result<ImageManifest> fetchManifest(RegistryClient &client, const images::Reference &reference);

/// The image's config as it is, verified.
[[nodiscard]] Result<QByteArray> fetchConfig(RegistryClient &client, const Descriptor &config,
                                             const QString &what);

} // namespace cooperage::embedded
