#pragma once

#include "core/engine/engine.h"

#include <QString>

namespace cooperage::cli {

/// A path of an image as the engine wants it: absolute and clean; empty means "/".
[[nodiscard]] QString absoluteImagePath(const QString &path);

/// A folder's entries, or the one entry that `path` names where it is no folder.
[[nodiscard]] Result<QList<engine::FileItem>> itemsAt(engine::Engine &engine, const QString &image,
                                                      const QString &path);

/// Copies a file, folder or link from an image to `destination`, or into it where that is a folder, as `cp
/// -r` does. Links stay links; nothing is written through a link that came from the image.
[[nodiscard]] engine::Task<> copyOut(engine::Engine *engine, QString image, QString path, QString destination,
                                     std::stop_token stop);

} // namespace cooperage::cli
