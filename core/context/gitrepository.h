#pragma once

#include "core/context/gitprogram.h"
#include "core/context/gitsource.h"

namespace cooperage::context {

/// Which commit a source stands for now (spec 6.2): a full id is one already; a name is `refs/NAME`, a branch
/// or a tag of the remote. NotFound if there is none; a commit that is not the expected one is an error. Asks
/// the remote; blocks: for pool threads.
[[nodiscard]] Result<QString> resolveGitCommit(const GitSource &source, std::stop_token stop);

/// Puts the files of a commit, with submodules, into the empty folder `target`: files 0644 or 0755, folders
/// 0755. Returns the folder that the source means, `.git` taken away unless it shall be kept. Blocks.
[[nodiscard]] Result<QString> checkOutGit(const GitSource &source, const QString &commit, bool keepGitDir,
                                          const QString &target, const GitProgress &progress,
                                          std::stop_token stop);

} // namespace cooperage::context
