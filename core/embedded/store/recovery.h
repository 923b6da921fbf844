#pragma once

#include "core/base/error.h"
#include "core/embedded/store/database.h"
#include "core/embedded/store/trash.h"

#include <string>

namespace cooperage::embedded {

/// Puts a store right that an engine left in the middle of something. The caller holds the store's lock.
/// Leftover mounts are detached; drafts, temporary files and layer folders without a row go to the trash;
/// uploaded files without a row are removed;
/// layers whose folder is gone are dropped with the images that need them; unfinished operations become
/// FAILED.
[[nodiscard]] Result<> recoverStore(const std::string &folder, Database &database, Trash &trash);

} // namespace cooperage::embedded
