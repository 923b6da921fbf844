#pragma once

#include "core/base/error.h"
#include "core/embedded/store/overlayform.h"

#include <string>
#include <sys/stat.h>

/// The kernel overlayfs' conventions for a layer's folder (engine-notes 2.1).
namespace cooperage::embedded {

[[nodiscard]] bool isWhiteout(const struct stat &info);
[[nodiscard]] bool isOpaque(int folder);
[[nodiscard]] Result<> makeWhiteout(int folder, const std::string &name);
[[nodiscard]] Result<> makeOpaque(int folder);

} // namespace cooperage::embedded
