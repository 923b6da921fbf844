#pragma once

#include <optional>
#include <string>

struct archive_entry;

/// POSIX access control lists: tar writers of the kind of `bsdtar` and `tar --acls` keep them as text, the
/// kernel and container tools as a binary extended attribute.
namespace cooperage::embedded {

inline constexpr const char *accessAcl = "system.posix_acl_access";
inline constexpr const char *defaultAcl = "system.posix_acl_default"; ///< What new files of a folder get.

/// The lists of an entry as attributes, as far as it has any.
struct EntryAcls
{
    std::optional<std::string> access{};
    std::optional<std::string> inherited{};
    int mask = -1; ///< Permission bits of the access list's mask: what a mode's group bits then stand for.
    bool lost = false; ///< A list names a user or group by name only, which means nothing here.
};
[[nodiscard]] EntryAcls aclsOf(archive_entry *entry);

} // namespace cooperage::embedded
