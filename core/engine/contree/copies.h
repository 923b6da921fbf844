#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

namespace cooperage::engine::contree {

/// Replaces entries of type CopyFrom by what they stand for: the source's archive is fetched and unpacked
/// below `folder`, and its files, folders and links become entries of their own. For engines without
/// `copy-from`.
[[nodiscard]] Task<QList<StagedEntry>> expandCopies(TransportPtr transport, QList<StagedEntry> entries,
                                                    QString folder, std::stop_token stop);

} // namespace cooperage::engine::contree
