#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

namespace cooperage::sessions {

/// The regular files that adding `sources` to `target` (absolute) comes to: a file goes to the target, or
/// into it where it is a folder; of a folder all files go into the target under their paths. Links to files
/// are followed, folders that are links and empty folders are left out. Reads folders: for a background
/// thread.
[[nodiscard]] Result<QList<engine::StagedEntry>> fileSources(const QStringList &sources,
                                                             const QString &target);

} // namespace cooperage::sessions
