#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

class QIODevice;

namespace cooperage::engine::contree {

/// The extension `export`. Where the engine does not offer it, the archive is made here if the request brings
/// the image's config; else Unsupported. `target` is written to by another
/// thread until the call ends.
[[nodiscard]] Task<ExportOutcome> exportImage(TransportPtr transport, ExportRequest request,
                                              QIODevice *target, ProgressHandler progress,
                                              std::stop_token stop);

} // namespace cooperage::engine::contree
