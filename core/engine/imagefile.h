#pragma once

#include "core/engine/engine.h"

namespace cooperage::engine {

/// Writes an image into a file, or, where `output` ends in a slash or is a folder, into the folder of an OCI
/// layout. The result is there whole or not at all. `engine` must outlive the call.
[[nodiscard]] Task<ExportOutcome> exportToFile(Engine *engine, ExportRequest request, QString output,
                                               ProgressHandler progress, std::stop_token stop);

/// Whether `output` means a folder.
[[nodiscard]] bool isFolderName(const QString &output);

} // namespace cooperage::engine
