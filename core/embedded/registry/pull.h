#pragma once

#include "core/embedded/archive/import.h"
#include "core/embedded/registry/openregistry.h"

namespace cooperage::embedded {

/// Fetches an image by the OCI distribution protocol: Bearer and Basic; the platform asked for, else
/// this machine's, out of an index; layers in parallel, verified by digest and diffID, then unpacked.
/// Remembers which of the registry's blobs the layers are.
[[nodiscard]] Result<ImportedLayers> pullImage(Store &store, const RegistryAccess &access,
                                               const ImportProgress &progress, std::stop_token stop);

} // namespace cooperage::embedded
