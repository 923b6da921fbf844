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

/// What a source of a COPY --from comes to: patterns matched, links followed. A missing path without
/// wildcards is an error.
[[nodiscard]] engine::Task<QList<OriginItem>> originItems(ImageTree *tree, QString image, OriginSource source,
                                                          std::stop_token stop);

} // namespace cooperage::build
