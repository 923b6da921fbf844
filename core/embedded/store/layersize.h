#pragma once

#include "core/base/error.h"

#include <string>

namespace cooperage::embedded {

/// What a layer's folder takes; a file with several names counts once.
struct LayerSize
{
    qint64 apparent = 0;  ///< Sum of the file sizes, bytes.
    qint64 allocated = 0; ///< Bytes on disk.
    qint64 inodes = 0;
};

[[nodiscard]] Result<LayerSize> measureLayer(const std::string &folder);

} // namespace cooperage::embedded
