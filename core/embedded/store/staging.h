#pragma once

#include "core/base/error.h"
#include "core/context/modechange.h"
#include "core/embedded/store/store.h"

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// What an entry does with what stands at its path.
enum class Standing {
    Follow,  ///< A link is followed: a folder behind it is used, a file behind it stays and the link goes.
    Merge,   ///< COPY: a folder meets a folder, a file replaces all but a folder; links are not followed.
    Replace, ///< Unpacked archives: all but a folder that meets a folder is removed.
};

/// One thing to put into a root filesystem (docs/engine-protocol.md, commit).
struct StageEntry
{
    enum class Type { File, Folder, Symlink, HardLink, Special, Copy };
    Type type = Type::File;
    std::string path; ///< Absolute in the image; links in its parents are followed inside the image only.
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint32_t mode = 0644;
    std::optional<std::int64_t> mtimeNs{};
    std::string hostFile{};               ///< File: what to copy from (an uploaded or a local file)...
    Lease lease{};                        ///< ...kept, if it was uploaded...
    std::optional<std::string> content{}; ///< ...or the bytes themselves.
    std::string linkTarget{};             ///< HardLink: an absolute path in the image.
    bool overwriteAttributes = false;     ///< Folder: also when it exists.
    Standing standing = Standing::Follow;
    std::map<std::string, std::string> xattrs{}; ///< File and Folder; what cannot be set is left out.
    std::uint32_t kind = 0;                      ///< Special: S_IFIFO, S_IFSOCK, S_IFCHR or S_IFBLK...
    std::uint64_t device = 0;                    ///< ...and the number of a device.
    std::string sourceRoot{};                    ///< Copy: a mounted root...
    std::string sourcePath{}; ///< ...and a path in it; its last link is followed inside that root.
    bool setOwner = false;
    bool setMode = false;
    std::optional<context::ModeChange> modeChange{}; ///< Copy: instead of `setMode`.
    QStringList include{}; ///< Copy of a folder: only what matches one of these patterns...
    QStringList exclude{}; ///< ...and none of these.
};

/// Writes entries in order below `root`; every path is resolved with openat2(RESOLVE_IN_ROOT). Missing
/// parents are made root:root 0755. A folder onto a file and a file onto a folder are errors, but for
/// Standing::Replace.
[[nodiscard]] Result<> stageEntries(const std::string &root, const std::vector<StageEntry> &entries,
                                    std::stop_token stop = {});

} // namespace cooperage::embedded
