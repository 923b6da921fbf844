#pragma once

#include "core/build/imagetree.h"
#include "core/build/steporder.h"

#include <QTemporaryDir>

#include <memory>

namespace cooperage::build {

/// What a COPY, ADD or WORKDIR puts into an image.
struct Placement
{
    QList<engine::StagedEntry> entries;
    /// Holds the files of unpacked archives and checkouts until the engine has taken them.
    QList<std::shared_ptr<QTemporaryDir>> unpacked{};
};

struct PlaceOptions
{
    engine::ProgressHandler progress{}; ///< For what is fetched on the way.
    std::stop_token stop{};
    bool folderTimes = true; ///< False where the engine sets no times.
};

/// Applies the rules of destinations and owners (spec 3.4 to 3.9) to a COPY or ADD, source by source: each
/// finds what the ones before it left. `staged` are entries that will be in the image before these. An order
/// with `link` is placed in an empty file system (no image), or if need be by the same rules in `image`.
[[nodiscard]] engine::Task<Placement> placeCopy(ImageTree *tree, CopyOrder order, QString image,
                                                QList<engine::StagedEntry> staged, PlaceOptions options);

/// WORKDIR's folder with its missing parents, all owned by `user` (empty: root). No entries where it is there
/// already.
[[nodiscard]] engine::Task<Placement> placeWorkdir(ImageTree *tree, QString folder, QString user,
                                                   QString image, std::stop_token stop);

} // namespace cooperage::build
