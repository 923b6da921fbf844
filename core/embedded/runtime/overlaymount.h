#pragma once

#include "core/base/error.h"

#include <string>
#include <vector>

namespace cooperage::embedded {

struct OverlaySpec
{
    std::string lowerFolder;         ///< Where the lower folders lie...
    std::vector<std::string> lowers; ///< ...by name below it or by absolute path, top-most first.
    std::string upper{};             ///< Empty: read-only.
    std::string work{};
    std::string target;
};

/// Mounts an overlay with index=off, metacopy=off, redirect_dir=nofollow, and userxattr in a user namespace.
/// The new mount API first, then mount(2). The error holds the kernel's own words.
[[nodiscard]] Result<> mountOverlay(const OverlaySpec &spec);

/// Mounts a folder once more.
[[nodiscard]] Result<> mountBind(const std::string &source, const std::string &target, bool readOnly);

/// Never lazy: waits up to a second for the last user to be gone, then fails.
[[nodiscard]] Result<> unmountFolder(const std::string &target);

} // namespace cooperage::embedded
