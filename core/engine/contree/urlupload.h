#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

namespace cooperage::engine::contree {

/// ADD of a URL. What an earlier build knows of it counts only while the engine still has that file.
[[nodiscard]] Task<UrlOutcome> uploadUrl(TransportPtr transport, UrlUpload request, ProgressHandler progress,
                                         std::stop_token stop);

} // namespace cooperage::engine::contree
