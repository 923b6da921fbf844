#pragma once

#include "core/base/error.h"

#include <functional>
#include <string>
#include <sys/stat.h>
#include <vector>

/// Comparing two stacks of layers by walking the layers themselves. What both share at the bottom is never
/// listed, so that the cost is that of the change, not of the image.
namespace cooperage::embedded {

/// One path in which the stacks differ.
struct ChangedPath
{
    enum class Kind { Added, Changed, Removed };
    Kind kind = Kind::Changed;
    std::string path;
    bool content = false; ///< Changed: bytes, link target, device number or type, not attributes alone.
    struct stat info{};   ///< All zero where it was removed.
    struct stat base{};   ///< All zero where it was added.
};

struct LayerStacks
{
    std::vector<std::string> layers{}; ///< Folders in overlayfs form, the topmost first.
    std::vector<std::string> base{};   ///< The same; empty: an empty file system.
    std::string path = "/";            ///< Only what is below; plain form (plainPath).
};

/// Takes the changes folder by folder, in no order; false ends the comparison.
using ChangeSink = std::function<bool(const ChangedPath &change)>;

/// A folder's own time does not count: it changes with whatever happens in it. Links are not followed.
/// NotFound where `path` is a folder in neither.
[[nodiscard]] Result<> compareStacks(const LayerStacks &stacks, const ChangeSink &sink);

} // namespace cooperage::embedded
