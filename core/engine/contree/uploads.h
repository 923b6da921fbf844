#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

#include <optional>

/// Files of this machine into the engine's store, each content once (contract 2.4).
namespace cooperage::engine::contree {

/// The engine's file of that digest; an empty optional if it has none.
[[nodiscard]] Task<std::optional<FileRecord>> findFile(TransportPtr transport, QByteArray sha256,
                                                       std::stop_token stop);

/// Makes sure that the engine has the bytes of all entries of type File, and returns their uuids, one per
/// entry (empty for entries of other types). Up to eight go at a time; a file that is no longer what its
/// digest says is an error.
[[nodiscard]] Task<QStringList> uploadFiles(TransportPtr transport, QList<StagedEntry> entries,
                                            std::stop_token stop);

/// One file by its path.
[[nodiscard]] Task<QString> uploadFile(TransportPtr transport, QString path, std::stop_token stop);

} // namespace cooperage::engine::contree
