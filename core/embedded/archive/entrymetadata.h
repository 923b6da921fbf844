#pragma once

#include "core/base/error.h"

#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

struct archive_entry;

namespace cooperage::embedded {

/// Extended attributes: name and value.
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// Owner, mode, time and extended attributes of something in an image.
struct EntryMetadata
{
    uid_t uid = 0;
    gid_t gid = 0;
    mode_t mode = 0755; ///< Permissions only, setuid and sticky included.
    timespec mtime{};
    Attributes xattrs{};
    int lost = 0; ///< Attributes that mean nothing on this machine.
};

/// From a tar entry. Attributes an image must not set (overlayfs', the host's security systems') are left
/// out; ids beyond 32 bits and attributes over 64 KiB are refused. Access control lists come as attributes.
[[nodiscard]] Result<EntryMetadata> metadataOf(archive_entry *entry);
/// Of an open file or folder.
[[nodiscard]] Result<EntryMetadata> metadataOf(int fd);

/// The attributes of an open file or folder that are part of an image, sorted by name.
[[nodiscard]] Result<Attributes> attributesOf(int fd);
/// The same for what cannot be opened: links, devices and pipes.
[[nodiscard]] Result<Attributes> attributesOf(int folder, const std::string &name);

/// Sets everything in the order in which nothing is undone by the kernel: owner, attributes, mode, time.
/// Returns how many attributes the file system or missing rights refused.
[[nodiscard]] Result<int> applyMetadata(int fd, const EntryMetadata &metadata);
/// The same for what cannot be opened: links (which have no mode), devices and pipes.
[[nodiscard]] Result<int> applyMetadata(int folder, const std::string &name, const EntryMetadata &metadata);

} // namespace cooperage::embedded
