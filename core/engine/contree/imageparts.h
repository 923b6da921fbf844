#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/imageparts.h"
#include "core/engine/values.h"

/// Layers as images, what layers hide, and searches by name (docs/engine-protocol.md).
namespace cooperage::engine::contree {

[[nodiscard]] Task<ImageRecord> makeLayerImage(TransportPtr transport, QString image, int count,
                                               std::stop_token stop);
[[nodiscard]] Task<WasteReport> readWaste(TransportPtr transport, QString image, int limit,
                                          std::stop_token stop);
[[nodiscard]] Task<FindOutcome> findFiles(TransportPtr transport, FindRequest request, std::stop_token stop);

/// The same by plain v1: folder by folder.
[[nodiscard]] Task<FindOutcome> findInListings(TransportPtr transport, FindRequest request,
                                               std::stop_token stop);

} // namespace cooperage::engine::contree
