#pragma once

#include "core/build/imagetree.h"
#include "core/build/steporder.h"

namespace cooperage::build {

/// A path of another image that COPY --from takes.
struct OriginItem
{
    QString source;
    QString baseName;
    bool isFolder = false;
};

/// What the sources of a COPY --from come to: patterns matched, links followed. A missing path without
/// wildcards is an error.
[[nodiscard]] engine::Task<QList<OriginItem>> originItems(ImageTree *tree, CopyOrder order,
                                                          std::stop_token stop);

} // namespace cooperage::build
