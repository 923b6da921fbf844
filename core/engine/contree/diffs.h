#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

/// Comparing images and searching in them.
namespace cooperage::engine::contree {

/// GET /v1/images/{uuid}/diff (docs/engine-protocol.md). An empty `base` is an empty file system.
[[nodiscard]] Task<ImageDiff> readDiff(TransportPtr transport, QString image, QString base, QString path,
                                       int limit, std::stop_token stop);

/// The same by plain v1: folder by folder, from the listings of both images. NotFound where neither has
/// `path`.
[[nodiscard]] Task<ImageDiff> diffOfListings(TransportPtr transport, QString image, QString base,
                                             QString path, int limit, std::stop_token stop);

/// GET /v1/inspect/{uuid}/grep.
[[nodiscard]] Task<GrepOutcome> searchImage(TransportPtr transport, GrepRequest request,
                                            std::stop_token stop);

} // namespace cooperage::engine::contree
