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
    /// Holds the files of unpacked archives until the engine has taken them.
    QList<std::shared_ptr<QTemporaryDir>> unpacked{};
};

/// Applies the rules of destinations and owners (spec 3.4, 3.5, 3.8) to a COPY or ADD. `staged` are entries
/// that will be in the image before these.
[[nodiscard]] engine::Task<Placement> placeCopy(ImageTree *tree, CopyOrder order, QString image,
                                                QList<engine::StagedEntry> staged, std::stop_token stop);

/// WORKDIR's folder with its missing parents, all owned by `user` (empty: root). No entries where it is there
/// already.
[[nodiscard]] engine::Task<Placement> placeWorkdir(ImageTree *tree, QString folder, QString user,
                                                   QString image, std::stop_token stop);

} // namespace cooperage::build
