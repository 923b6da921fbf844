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

/// The chain ID (OCI: digest over this layer's and all lower layers' diffIDs) a layer was unpacked for. A
/// layer's folder holds attributes copied from the folders below it, so that it is right only above the same
/// layers. Kept as an attribute of the layer's root that overlayfs hides from the merged view.
[[nodiscard]] Result<> markChain(int root, const QByteArray &chainId);
[[nodiscard]] QByteArray chainOf(const std::string &layerFolder);

} // namespace cooperage::embedded
