#include "core/embedded/archive/entrymetadata.h"

#include "core/embedded/archive/posixacl.h"
#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/xattrs.h"

#include <QCoreApplication>

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
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

void keep(Attributes &attributes, const char *name, std::string value)
{
    const bool isThere = std::ranges::contains(attributes, name, &Attributes::value_type::first);
    if (!isThere)
        attributes.emplace_back(name, std::move(value));
}

/// Sorted by name: file systems list them in orders of their own. `list` and `get` are like listxattr(2) and
/// getxattr(2).
template <typename List, typename Get>
Result<Attributes> readAttributes(const List &list, const Get &get)
{
    std::array<char, 1024> few{};
    std::string many;
    ssize_t length = list(few.data(), few.size());
    if (length < 0 && errno == ERANGE) {
        many.resize(maximumAttribute);
        length = list(many.data(), many.size());
    }
    if (length < 0 && errno != ENOTSUP)
        return std::unexpected(systemError(errno, MetadataText::tr("A layer cannot be read")));
    const std::string_view names(many.empty() ? few.data() : many.data(),
                                 static_cast<size_t>(std::max<ssize_t>(length, 0)));
    Attributes attributes;
    for (size_t at = 0; at < names.size();) {
        const std::string name = names.data() + at;
        at += name.size() + 1;
        if (!isImageXattr(name))
            continue;
        std::string value(maximumAttribute, '\0');
        const ssize_t size = get(name.c_str(), value.data(), value.size());
        if (size < 0)
            return std::unexpected(systemError(errno, MetadataText::tr("A layer cannot be read")));
        value.resize(static_cast<size_t>(size));
        attributes.emplace_back(name, std::move(value));
    }
    std::ranges::sort(attributes);
    return attributes;
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
        if (!name || !isImageXattr(name))
            continue;
        if (size > maximumAttribute)
            return failure(
                ErrorKind::BadInput,
                MetadataText::tr("The attribute %1 is larger than 64 KiB").arg(QString::fromUtf8(name)));
        metadata.xattrs.emplace_back(name, std::string(static_cast<const char *>(value), size));
    }
    // A writer that knows both forms writes both.
    EntryAcls acls = aclsOf(entry);
    metadata.lost = acls.lost ? 1 : 0;
    // libarchive puts the list's own group bits into the mode; setting that would change the mask.
    if (acls.access && acls.mask >= 0)
        metadata.mode = (metadata.mode & ~mode_t(070)) | static_cast<mode_t>(acls.mask) << 3;
    if (acls.access)
        keep(metadata.xattrs, accessAcl, std::move(*acls.access));
    if (acls.inherited)
        keep(metadata.xattrs, defaultAcl, std::move(*acls.inherited));
    return metadata;
}

Result<Attributes> attributesOf(int fd)
{
    return readAttributes(
        [fd](char *names, size_t size) { return ::flistxattr(fd, names, size); },
        [fd](const char *name, char *value, size_t size) { return ::fgetxattr(fd, name, value, size); });
}

Result<Attributes> attributesOf(int folder, const std::string &name)
{
    const std::string path = procPath(folder) + '/' + name;
    return readAttributes([&](char *names, size_t size) { return ::llistxattr(path.c_str(), names, size); },
                          [&](const char *attribute, char *value, size_t size) {
                              return ::lgetxattr(path.c_str(), attribute, value, size);
                          });
}

Result<EntryMetadata> metadataOf(int fd)
{
    struct stat info{};
    if (::fstat(fd, &info) < 0)
        return std::unexpected(systemError(errno, MetadataText::tr("A layer cannot be read")));
    return attributesOf(fd).transform([&](Attributes attributes) {
        return EntryMetadata{info.st_uid, info.st_gid, info.st_mode & 07777, info.st_mtim,
                             std::move(attributes)};
    });
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
    const std::string path = procPath(folder) + '/' + name;
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
