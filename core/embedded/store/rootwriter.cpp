#include "core/embedded/store/rootwriter.h"

#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/xattrs.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/xattr.h>
#include <unistd.h>

namespace cooperage::embedded {

static std::unexpected<Error> badInput(const QString &what, const std::string &plain)
{
    return failure(ErrorKind::BadInput, what, QFile::decodeName(plain.c_str()));
}

Result<int> RootWriter::parentOf(const SplitPath &path)
{
    if (m_parent && m_parentPath == path.parent)
        return m_parent.get();
    Result<Fd> parent = ensureFolder(m_root, path.parent);
    if (!parent)
        return std::unexpected(parent.error());
    m_parent = std::move(*parent);
    m_parentPath = path.parent;
    return m_parent.get();
}

// Removes what stands at a name, with everything below it.
static int removeAll(int parent, const std::string &name)
{
    if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return errno;
    const int fd = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(fd < 0 ? nullptr : ::fdopendir(fd), ::closedir);
    if (!entries)
        return errno;
    while (const dirent *entry = ::readdir(entries.get())) {
        if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0)
            continue;
        if (const int failed = removeAll(fd, entry->d_name); failed != 0)
            return failed;
    }
    return ::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
}

Result<> RootWriter::clearFile(int parent, const std::string &plain, const std::string &name,
                               Standing standing)
{
    struct stat info{};
    if (::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT
                   ? Result<>()
                   : pathFailure(errno, StoreText::tr("Cannot look at the place of the file"), plain);
    bool isFolder = S_ISDIR(info.st_mode);
    if (S_ISLNK(info.st_mode) && standing == Standing::Follow) {
        const Fd behind(openInRoot(m_root, plain, O_PATH | O_DIRECTORY));
        isFolder = static_cast<bool>(behind);
    }
    if (isFolder && standing == Standing::Follow)
        return badInput(StoreText::tr("A folder stands where the file shall go"), plain);
    if (isFolder && standing == Standing::Merge)
        return failure(
            ErrorKind::BadInput,
            StoreText::tr("cannot replace to directory %1 with file").arg(QFile::decodeName(plain.c_str())));
    if (const int failed = removeAll(parent, name); failed != 0)
        return pathFailure(failed, StoreText::tr("Cannot replace the file"), plain);
    if (!S_ISREG(info.st_mode))
        m_parentPath.clear(); // What is kept open may have been there, or behind it.
    return {};
}

// What is not a folder itself goes, or is an error; a missing parent folder is no matter here.
Result<> RootWriter::clearFolder(const std::string &plain, Standing standing)
{
    struct stat info{};
    const SplitPath path = splitPath(plain);
    const Fd parent(openInRoot(m_root, path.parent, O_PATH | O_DIRECTORY));
    if (plain == "/" || !parent ||
        ::fstatat(parent.get(), path.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(info.st_mode))
        return {};
    m_parentPath.clear();
    if (standing == Standing::Replace)
        return ::unlinkat(parent.get(), path.name.c_str(), 0) == 0
                   ? Result<>()
                   : pathFailure(errno, StoreText::tr("Cannot replace the file"), plain);
    return failure(ErrorKind::BadInput,
                   StoreText::tr("cannot copy to non-directory: %1").arg(QFile::decodeName(plain.c_str())));
}

Result<Fd> RootWriter::folder(const std::string &plain, const FileAttributes &attributes, bool *made,
                              Standing standing)
{
    *made = false;
    if (standing != Standing::Follow)
        if (const Result<> clear = clearFolder(plain, standing); !clear)
            return std::unexpected(clear.error());
    Fd found(openInRoot(m_root, plain, O_RDONLY | O_DIRECTORY));
    if (found)
        return found;
    if (errno == ENOTDIR)
        return badInput(StoreText::tr("A file stands where the folder shall go"), plain);
    if (errno != ENOENT)
        return pathFailure(errno, StoreText::tr("Cannot open the folder"), plain);
    const Result<Fd> ensured = ensureFolder(m_root, plain);
    if (!ensured)
        return std::unexpected(ensured.error());
    Fd writable(::openat(ensured->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!writable)
        return pathFailure(errno, StoreText::tr("Cannot open the folder"), plain);
    *made = true;
    if (Result<> done = finish(writable.get(), -1, attributes, plain); !done)
        return std::unexpected(done.error());
    return writable;
}

Result<Fd> RootWriter::newFile(int parent, const std::string &plain, const std::string &name)
{
    Fd fd(::openat(parent, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd)
        return pathFailure(errno, StoreText::tr("Cannot make the file"), plain);
    return fd;
}

Result<> RootWriter::copyContents(int from, int to, off_t size, const std::string &plain)
{
    if (const int failed = m_copier.copy(from, to, size); failed != 0)
        return pathFailure(failed, StoreText::tr("Cannot write the file"), plain);
    struct stat copied{};
    if (::fstat(to, &copied) != 0 || copied.st_size != size)
        return failure(ErrorKind::Failed, StoreText::tr("The source changed while it was copied"),
                       QFile::decodeName(plain.c_str()),
                       StoreText::tr("Try again when nothing writes to it."));
    return {};
}

Result<> RootWriter::finish(int fd, int source, const FileAttributes &attributes, const std::string &plain)
{
    const timespec times[2] = {{0, UTIME_OMIT}, attributes.mtime};
    if (::fchown(fd, attributes.uid, attributes.gid) != 0) {
        if (errno == EINVAL)
            return failure(ErrorKind::Unsupported,
                           StoreText::tr("The owner %1:%2 is outside your range of ids")
                               .arg(attributes.uid)
                               .arg(attributes.gid),
                           QFile::decodeName(plain.c_str()),
                           StoreText::tr("Enlarge your range in /etc/subuid and /etc/subgid."));
        return pathFailure(errno, StoreText::tr("Cannot set the owner"), plain);
    }
    if (source >= 0)
        if (Result<> copied = copyXattrs(source, fd, plain); !copied)
            return copied;
    if (::fchmod(fd, attributes.mode & 07777) != 0)
        return pathFailure(errno, StoreText::tr("Cannot set the mode"), plain);
    if (::futimens(fd, times) != 0)
        return pathFailure(errno, StoreText::tr("Cannot set the time"), plain);
    return {};
}

void RootWriter::setXattrs(int fd, const std::map<std::string, std::string> &xattrs)
{
    for (const auto &[name, value] : xattrs)
        (void)::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0);
}

Result<> RootWriter::hardLink(int parent, const std::string &plain, const std::string &name,
                              const std::string &original)
{
    const SplitPath from = splitPath(original);
    const Fd folder(openInRoot(m_root, from.parent, O_PATH | O_DIRECTORY));
    if (!folder || ::linkat(folder.get(), from.name.c_str(), parent, name.c_str(), 0) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make the hard link"), plain);
    return {};
}

Result<> RootWriter::special(int parent, const std::string &plain, const std::string &name, mode_t kind,
                             dev_t device, const FileAttributes &attributes)
{
    const timespec times[2] = {{0, UTIME_OMIT}, attributes.mtime};
    const bool isDevice = S_ISCHR(kind) || S_ISBLK(kind);
    if (::mknodat(parent, name.c_str(), (kind & S_IFMT) | 0600, isDevice ? device : 0) != 0) {
        if (errno == EPERM && isDevice)
            return failure(ErrorKind::Unsupported,
                           StoreText::tr("Only an engine that runs as root can make device nodes"),
                           QFile::decodeName(plain.c_str()),
                           StoreText::tr("Leave the device out of what is copied."));
        return pathFailure(errno, StoreText::tr("Cannot make the device or pipe"), plain);
    }
    if (::fchownat(parent, name.c_str(), attributes.uid, attributes.gid, AT_SYMLINK_NOFOLLOW) != 0 ||
        ::fchmodat(parent, name.c_str(), attributes.mode & 07777, 0) != 0 ||
        ::utimensat(parent, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make the device or pipe"), plain);
    return {};
}

Result<> RootWriter::symlink(int parent, const std::string &plain, const std::string &name,
                             const std::string &target, const FileAttributes &attributes)
{
    const timespec times[2] = {{0, UTIME_OMIT}, attributes.mtime};
    if (::symlinkat(target.c_str(), parent, name.c_str()) != 0 ||
        ::fchownat(parent, name.c_str(), attributes.uid, attributes.gid, AT_SYMLINK_NOFOLLOW) != 0 ||
        ::utimensat(parent, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make the link"), plain);
    return {};
}

void RootWriter::applyFolderTimes()
{
    // Only the own entries change a folder's time, so any order would do.
    for (const auto &[path, time] : m_times) {
        const Fd fd(openInRoot(m_root, path, O_RDONLY | O_DIRECTORY));
        const timespec times[2] = {{0, UTIME_OMIT}, time};
        if (fd)
            ::futimens(fd.get(), times);
    }
    m_times.clear();
}

} // namespace cooperage::embedded
