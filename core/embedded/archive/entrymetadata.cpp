#include "core/embedded/archive/entrymetadata.h"

#include "core/embedded/archive/layerform.h"

#include <QCoreApplication>

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <fcntl.h>
#include <sys/xattr.h>

namespace cooperage::embedded {

namespace {

struct MetadataText
{
    Q_DECLARE_TR_FUNCTIONS(EntryMetadata)
};

constexpr size_t maximumAttribute = 64 * 1024;

bool imageMaySet(std::string_view name)
{
    return !isOverlayAttribute(name) && (name == "security.capability" || name.starts_with("user.") ||
                                         name.starts_with("system.posix_acl_"));
}

Result<> ownerError(int errnoValue, const EntryMetadata &metadata)
{
    if (errnoValue != EINVAL)
        return std::unexpected(systemError(errnoValue, MetadataText::tr("The owner cannot be set")));
    return failure(
        ErrorKind::Unsupported,
        MetadataText::tr("The image uses the owner %1:%2, which is outside the ids given to this user")
            .arg(metadata.uid)
            .arg(metadata.gid),
        {}, MetadataText::tr("Enlarge this user's ranges in /etc/subuid and /etc/subgid."));
}

/// Whether a refusal only means that this attribute cannot be kept here.
bool isTolerable(int errnoValue)
{
    return errnoValue == ENOTSUP || errnoValue == EPERM || errnoValue == EINVAL;
}

} // namespace

Result<EntryMetadata> metadataOf(archive_entry *entry)
{
    const la_int64_t uid = archive_entry_uid(entry);
    const la_int64_t gid = archive_entry_gid(entry);
    if (uid < 0 || gid < 0 || uid > 0xfffffffe || gid > 0xfffffffe)
        return failure(ErrorKind::BadInput,
                       MetadataText::tr("The owner %1:%2 is not valid").arg(uid).arg(gid));
    EntryMetadata metadata{static_cast<uid_t>(uid), static_cast<gid_t>(gid),
                           static_cast<mode_t>(archive_entry_perm(entry)),
                           timespec{archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)}};
    archive_entry_xattr_reset(entry);
    const char *name = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        if (!name || !imageMaySet(name))
            continue;
        if (size > maximumAttribute)
            return failure(
                ErrorKind::BadInput,
                MetadataText::tr("The attribute %1 is larger than 64 KiB").arg(QString::fromUtf8(name)));
        metadata.xattrs.emplace_back(name, std::string(static_cast<const char *>(value), size));
    }
    return metadata;
}

Result<EntryMetadata> metadataOf(int fd)
{
    struct stat info{};
    std::string names(maximumAttribute, '\0');
    if (::fstat(fd, &info) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("A layer cannot be read")));
    EntryMetadata metadata{info.st_uid, info.st_gid, info.st_mode & 07777, info.st_mtim};
    const ssize_t listed = ::flistxattr(fd, names.data(), names.size());
    names.resize(listed > 0 ? static_cast<size_t>(listed) : 0);
    for (size_t at = 0; at < names.size();) {
        const std::string name = names.c_str() + at;
        at += name.size() + 1;
        std::string value(maximumAttribute, '\0');
        const ssize_t size =
            imageMaySet(name) ? ::fgetxattr(fd, name.c_str(), value.data(), value.size()) : -1;
        if (size < 0)
            continue;
        value.resize(static_cast<size_t>(size));
        metadata.xattrs.emplace_back(name, value);
    }
    return metadata;
}

Result<int> applyMetadata(int fd, const EntryMetadata &metadata)
{
    if (::fchown(fd, metadata.uid, metadata.gid) < 0) {
        if (auto refused = ownerError(errno, metadata); !refused)
            return std::unexpected(refused.error());
    }
    int skipped = 0;
    for (const auto &[name, value] : metadata.xattrs) {
        if (::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0) == 0)
            continue;
        if (!isTolerable(errno))
            return std::unexpected(systemError(errno, MetadataText::tr("An attribute cannot be set")));
        ++skipped;
    }
    const timespec times[2] = {metadata.mtime, metadata.mtime};
    if (::fchmod(fd, metadata.mode) < 0 || ::futimens(fd, times) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("Mode or time cannot be set")));
    return skipped;
}

Result<int> applyMetadata(int folder, const std::string &name, const EntryMetadata &metadata)
{
    struct stat info{};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("What was written is gone")));
    if (::fchownat(folder, name.c_str(), metadata.uid, metadata.gid, AT_SYMLINK_NOFOLLOW) < 0) {
        if (auto refused = ownerError(errno, metadata); !refused)
            return std::unexpected(refused.error());
    }
    int skipped = 0;
    const std::string path = "/proc/self/fd/" + std::to_string(folder) + '/' + name;
    for (const auto &[key, value] : metadata.xattrs)
        skipped += ::lsetxattr(path.c_str(), key.c_str(), value.data(), value.size(), 0) == 0 ? 0 : 1;
    const timespec times[2] = {metadata.mtime, metadata.mtime};
    if (!S_ISLNK(info.st_mode) && ::fchmodat(folder, name.c_str(), metadata.mode, 0) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("Mode or time cannot be set")));
    if (::utimensat(folder, name.c_str(), times, AT_SYMLINK_NOFOLLOW) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("Mode or time cannot be set")));
    return skipped;
}

} // namespace cooperage::embedded
