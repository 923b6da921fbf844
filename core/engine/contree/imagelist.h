#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/imagelist.h"

namespace cooperage::engine::contree {

/// Without the extension: pages of GET /v1/images, newest first; other orders, free text and groups are
/// refused.
[[nodiscard]] Task<ImagePage> browseImages(TransportPtr transport, EngineInfo info, ImageListQuery query,
                                           std::stop_token stop);
[[nodiscard]] Task<QList<ImageGroup>> groupImages(TransportPtr transport, EngineInfo info, ImageGrouping by,
                                                  ImageListQuery query, std::stop_token stop);

} // namespace cooperage::engine::contree
