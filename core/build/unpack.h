#pragma once

#include "core/build/imageusers.h"
#include "core/engine/values.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace cooperage::build {

/// The contents of an archive as entries for an image. Their bytes are in `files` until that is deleted.
struct Unpacked
{
    QList<engine::StagedEntry> entries;
    std::shared_ptr<QTemporaryDir> files;
};

/// Unpacks a tar archive (as it is, or by gzip, bzip2, xz, zstd) below `destination`, as ADD does (spec 3.8):
/// owners and modes from the archive, or `owner` for all. nullopt if the file is no such archive. Blocks: for
/// pool threads.
[[nodiscard]] Result<std::optional<Unpacked>> unpackArchive(const QString &file, const QString &destination,
                                                            std::optional<Owner> owner);

} // namespace cooperage::build
