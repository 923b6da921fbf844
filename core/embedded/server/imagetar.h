#pragma once

#include "core/base/error.h"
#include "core/embedded/server/imagepath.h"

#include <functional>
#include <string>

namespace cooperage::embedded {

/// Takes bytes of an archive; false to stop.
using TarSink = std::function<bool(const char *bytes, std::size_t size)>;

/// Writes a file, or a folder with everything below, as a PAX tar. Members are named `path` without its first
/// slash and what is below it; links are stored as such, hard links among the members stay hard links,
/// sockets are left out.
[[nodiscard]] Result<> writeTar(const OpenedPath &start, const std::string &path, const TarSink &sink);

} // namespace cooperage::embedded
