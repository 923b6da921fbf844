#pragma once

#include "core/base/error.h"
#include "core/embedded/server/imageviews.h"
#include "core/embedded/store/fd.h"

#include <memory>
#include <string>
#include <sys/stat.h>

namespace cooperage::embedded {

/// Something in an image, open. Keeps the image mounted.
struct OpenedPath
{
    std::shared_ptr<ImageView> view;
    Fd root; ///< O_PATH
    Fd fd;   ///< O_PATH unless opened with other flags.
    struct stat info{};
};

/// Opens a path of an image; links are followed inside the image only. Relative paths start at its root.
/// NotFound where there is nothing.
[[nodiscard]] Result<OpenedPath> openImagePath(const std::shared_ptr<ImageView> &view,
                                               const std::string &path);

/// Reopens what is behind an O_PATH descriptor.
[[nodiscard]] Fd reopen(const Fd &fd, int flags);

} // namespace cooperage::embedded
