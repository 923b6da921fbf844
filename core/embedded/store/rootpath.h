#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <cstdint>
#include <string>
#include <sys/types.h>

/// Paths inside a root filesystem. Everything is resolved by openat2(RESOLVE_IN_ROOT): absolute links and
/// `..` end at the root, whatever somebody has planted there.
namespace cooperage::embedded {

/// openat2 below `root`; -1 with errno.
[[nodiscard]] int openInRoot(int root, const std::string &path, std::uint64_t flags);

/// A path in its plain form: "/a/b", no empty or "." parts. Refuses relative paths, "..", NUL and parts above
/// 255 bytes.
[[nodiscard]] Result<std::string> plainPath(const std::string &path);

/// "/a" and "b" of the plain path "/a/b".
struct SplitPath
{
    std::string parent;
    std::string name;
};
[[nodiscard]] SplitPath splitPath(const std::string &plain);

/// What a link's text means in a folder, with `..` taken as text and ending at the root: for links that lead
/// to nothing, about which the kernel has said so.
[[nodiscard]] std::string joinInRoot(const std::string &folder, const std::string &link);

/// Opens a folder (O_PATH) and makes what is missing of it: 0755, owned by `uid`:`gid`. A link that leads to
/// nothing is followed, and what it names is made inside the root. Something else than a folder on the way is
/// BadInput.
[[nodiscard]] Result<Fd> ensureFolder(int root, const std::string &plain, uid_t uid = 0, gid_t gid = 0);

/// An open folder by its /proc path, for the system calls that take no descriptor.
[[nodiscard]] std::string procPath(int fd);

} // namespace cooperage::embedded
