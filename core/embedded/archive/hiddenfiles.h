#pragma once

#include "core/base/error.h"

#include <functional>
#include <string>
#include <vector>

/// What an image's layers hold without it being seen in the image.
namespace cooperage::embedded {

/// A regular file of a layer that one further up hides. Layers count from the bottom, from 0. A file with
/// several names is hidden when all of them are, and has the name that was hidden last.
struct HiddenFile
{
    std::string path;
    qint64 size = 0; ///< Bytes on disk.
    int layer = 0;
    int hiddenBy = 0; ///< The lowest one that hides it.
    bool removed = false;
};

struct HiddenFileSearch
{
    std::vector<std::string> layers{};               ///< Folders in overlayfs form, the lowest first.
    std::function<void(const HiddenFile &)> found{}; ///< In no order.
    std::function<bool()> mustStop{};                ///< Asked before each folder.
};

/// Reads the layers themselves, and of them only folders that several have or one hides, so that the cost is
/// that of what overlaps, not of the image. Cancelled when it was stopped.
[[nodiscard]] Result<> findHiddenFiles(const HiddenFileSearch &search);

} // namespace cooperage::embedded
