#pragma once

#include <optional>
#include <string>
#include <utility>

struct archive_entry;

/// POSIX access control lists: tar writers of the kind of `bsdtar` and `tar --acls` keep them as text, the
/// kernel and container tools as a binary extended attribute.
namespace cooperage::embedded {

/// The attribute's name, and whether it is the list of a folder's future entries.
inline constexpr const char *accessAcl = "system.posix_acl_access";
inline constexpr const char *defaultAcl = "system.posix_acl_default";

/// The lists of an entry as attributes, as far as it has any. `lost` is set where a list names a user or
/// group by name only, which means nothing here.
struct EntryAcls
{
    std::optional<std::string> access{};
    std::optional<std::string> inherited{};
    bool lost = false;
};
[[nodiscard]] EntryAcls aclsOf(archive_entry *entry);

/// Adds the list in an attribute's value to an entry; a value that is no list is left out.
void addAcl(archive_entry *entry, const std::string &name, const std::string &value);

} // namespace cooperage::embedded
