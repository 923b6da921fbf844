#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <string>
#include <sys/stat.h>

namespace cooperage::embedded {

/// A name in an open folder, with its lstat.
struct FileAt
{
    const Fd &folder;
    const struct stat &info;
};

/// Whether two files are the same but for their attributes: type and bytes, link target or device number.
/// Holes that both have are not read.
[[nodiscard]] Result<bool> sameContent(const FileAt &one, const FileAt &other, const std::string &name);

} // namespace cooperage::embedded
