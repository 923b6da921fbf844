#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/storagevalues.h"

/// The extension `storage`.
namespace cooperage::engine::contree {

[[nodiscard]] Task<StorageReport> readStorage(TransportPtr transport, std::stop_token stop);
[[nodiscard]] Task<CollectOutcome> collectStorage(TransportPtr transport, CollectRequest request,
                                                  std::stop_token stop);

} // namespace cooperage::engine::contree
