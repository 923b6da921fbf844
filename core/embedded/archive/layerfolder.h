#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <string>
#include <vector>

namespace cooperage::embedded {

/// Opens a folder of a layer (a folder in overlayfs form) for reading, without mounting anything. `path` is
/// that in the image; empty for its root.
[[nodiscard]] Result<Fd> openLayerFolder(const std::string &layer, const std::string &path);

/// What lies in it, in no order, whiteouts too. `path` is for the error.
[[nodiscard]] Result<std::vector<std::string>> namesIn(const Fd &folder, const std::string &path);

} // namespace cooperage::embedded
