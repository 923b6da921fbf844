#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// One thing to put into a root filesystem (docs/engine-protocol.md, commit).
struct StageEntry
{
    enum class Type { File, Folder, Symlink, Copy };
    Type type = Type::File;
    std::string path; ///< Absolute in the image; links in its parents are followed inside the image only.
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint32_t mode = 0644;
    std::optional<std::int64_t> mtimeNs{};
    std::string hostFile{};               ///< File: what to copy from (an uploaded or a local file)...
    Lease lease{};                        ///< ...kept, if it was uploaded...
    std::optional<std::string> content{}; ///< ...or the bytes themselves.
    std::string linkTarget{};
    bool overwriteAttributes = false; ///< Folder: also when it exists.
    std::string sourceRoot{};         ///< Copy: a mounted root...
    std::string sourcePath{};         ///< ...and a path in it; its last link is followed inside that root.
    bool setOwner = false;
    bool setMode = false;
};

/// Writes entries in order below `root`; every path is resolved with openat2(RESOLVE_IN_ROOT). Missing
/// parents are made root:root 0755. Rules of COPY: a file replaces a file; a folder onto a file and a file
/// onto a folder are errors.
[[nodiscard]] Result<> stageEntries(const std::string &root, const std::vector<StageEntry> &entries,
                                    std::stop_token stop = {});

} // namespace cooperage::embedded
