#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace cooperage::embedded {

/// A name from an archive as a path below the image's root: "usr/bin/x", or "" for the root itself. A leading
/// slash and "." parts go; ".." and anything beyond the limits (4 KiB in all, 255 bytes a part, 1024 parts)
/// is refused.
[[nodiscard]] Result<std::string> cleanEntryPath(std::string_view name);

/// "a/b/c" -> {"a/b", "c"}; {"", "c"} for a single part.
[[nodiscard]] std::pair<std::string, std::string> splitEntryPath(std::string_view path);
/// The non-empty parts between slashes.
[[nodiscard]] std::vector<std::string> pathParts(std::string_view path);
[[nodiscard]] std::string joinPath(const std::string &folder, const std::string &name);
/// Bytes of a name as text for a message.
[[nodiscard]] QString shownPath(std::string_view path);

} // namespace cooperage::embedded
