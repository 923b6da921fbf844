#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

class QIODevice;

namespace cooperage::engine::contree {

/// Makes a docker-archive on an engine without the extension `export`: all files of the image in one layer,
/// with the config that the client has kept (`request.config`). Other formats are Unsupported. `target` is
/// written to by another thread until the call ends.
[[nodiscard]] Task<ExportOutcome> plainExport(TransportPtr transport, ExportRequest request,
                                              QIODevice *target, ProgressHandler progress,
                                              std::stop_token stop);

} // namespace cooperage::engine::contree
