#pragma once

#include "core/base/error.h"
#include "core/embedded/server/imagepath.h"

#include <QByteArray>
#include <QJsonArray>

namespace cooperage::embedded {

/// An entry of a folder in an image, by lstat.
struct FolderEntry
{
    std::string name;
    struct stat info{};
    std::string target{}; ///< Of a symbolic link.
};

/// Sorted by name, byte by byte.
[[nodiscard]] Result<std::vector<FolderEntry>> readFolder(const Fd &folder);

/// FileItem objects (contract 2.8); names that are not UTF-8 are shown as well as can be.
[[nodiscard]] QJsonArray listJson(const OpenedPath &folder, const std::vector<FolderEntry> &entries);

/// Lines resembling `ls -l`, with `path` before each name.
[[nodiscard]] QByteArray listText(const OpenedPath &folder, const std::string &path,
                                  const std::vector<FolderEntry> &entries);

} // namespace cooperage::embedded
