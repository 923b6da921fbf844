#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

/// Layers made of staged entries.
namespace cooperage::engine::contree {

/// POST /v1/commits, for engines that offer `commit`. What else they lack (`local-files`, `copy-from`) is
/// made up for by uploads.
[[nodiscard]] Task<ImageRecord> commitEntries(TransportPtr transport, EngineInfo info, CommitRequest request,
                                              std::stop_token stop);

/// For plain v1: files are uploaded and staged for a command that does nothing; folders and links that files
/// do not imply are made by a small script, for which the image needs a shell. An empty file system cannot be
/// made at all.
[[nodiscard]] Task<ImageRecord> commitByRunning(TransportPtr transport, CommitRequest request,
                                                std::stop_token stop);

} // namespace cooperage::engine::contree
