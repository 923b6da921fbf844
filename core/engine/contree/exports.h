#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

class QIODevice;

namespace cooperage::engine::contree {

/// The extension `export`; Unsupported where the engine does not offer it.
[[nodiscard]] Task<ExportOutcome> exportImage(TransportPtr transport, EngineInfo info, ExportRequest request,
                                              QIODevice *target, ProgressHandler progress,
                                              std::stop_token stop);

} // namespace cooperage::engine::contree
