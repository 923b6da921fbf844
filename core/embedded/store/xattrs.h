#pragma once

#include "core/base/error.h"

#include <map>
#include <string>

namespace cooperage::embedded {

/// Whether an extended attribute is part of an image: capabilities, user.* and ACLs are; trusted.*, overlayfs
/// marks and the host's own labels are not.
[[nodiscard]] bool isImageXattr(const std::string &name);

/// Those of an open file (also O_PATH) that are part of an image; empty where it has none or cannot say.
[[nodiscard]] std::map<std::string, std::string> imageXattrs(int fd);

/// Copies the attributes that are part of an image from one open file to another. A target file system
/// without extended attributes is no failure. `where` names the file in errors.
[[nodiscard]] Result<> copyXattrs(int from, int to, const std::string &where);

} // namespace cooperage::embedded
