#pragma once

#include "core/engine/engine.h"
#include "core/engine/treeunpack.h"

/// Parts of an image on this computer. `engine` must outlive the calls.
namespace cooperage::engine {

/// The beginning of a file.
struct FileHead
{
    QByteArray bytes{};
    bool isWhole = true; ///< Otherwise there is more.
};
/// No more than `most` bytes are asked for.
[[nodiscard]] Task<FileHead> readHead(Engine *engine, QString image, QString path, qint64 most,
                                      std::stop_token stop);

struct FileDigest
{
    qint64 size = 0;
    QByteArray sha256{}; ///< Hex digits.
};
/// Reads the whole file and keeps none of it.
[[nodiscard]] Task<FileDigest> digestFile(Engine *engine, QString image, QString path, std::stop_token stop);

/// Saves one file, or, with `asTar`, a file or tree as a tar, as `target`, whole or not at all. What is there
/// is replaced. Returns the number of bytes. A file is not made executable.
[[nodiscard]] Task<qint64> saveAsFile(Engine *engine, QString image, QString path, QString target, bool asTar,
                                      ProgressHandler progress, std::stop_token stop);

/// Saves a file, link or folder with all below it as `target`, which must not be there yet; it appears whole
/// or not at all. See unpackTree() for what is kept.
[[nodiscard]] Task<UnpackedTree> saveAsTree(Engine *engine, QString image, QString path, QString target,
                                            ProgressHandler progress, std::stop_token stop, qint64 most = -1);

} // namespace cooperage::engine
