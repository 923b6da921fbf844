#pragma once

#include "core/base/error.h"

#include <string>

namespace cooperage::embedded {

/// Writes the init program, which this library carries, into a folder; once per folder and process. Returns
/// its path.
[[nodiscard]] Result<std::string> placeInitProgram(const std::string &folder);

} // namespace cooperage::embedded
