#include "core/embedded/store/treecopy.h"

#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/xattrs.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/sysmacros.h>

namespace cooperage::embedded {

FileAttributes TreeCopy::attributesOf(const struct stat &info) const
{
    return {m_entry.setOwner ? m_entry.uid : info.st_uid, m_entry.setOwner ? m_entry.gid : info.st_gid,
            m_entry.setMode ? m_entry.mode : info.st_mode & 07777, info.st_mtim};
}

Result<> TreeCopy::run()
{
    const Fd root(::open(m_entry.sourceRoot.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return pathFailure(errno, StoreText::tr("Cannot open the source"), m_entry.sourceRoot);
    const Result<std::string> source = plainPath(m_entry.sourcePath);
    const Result<std::string> target = plainPath(m_entry.path);
    if (!source || !target)
        return std::unexpected(source ? target.error() : source.error());
    const Fd found(openInRoot(root.get(), *source, O_PATH));
    struct stat info{};
    if (!found || ::fstat(found.get(), &info) != 0)
        return pathFailure(errno, StoreText::tr("Cannot find the source in the image"), m_entry.sourcePath);
    if (S_ISDIR(info.st_mode))
        return copyFolder(Fd(openInRoot(root.get(), *source, O_RDONLY | O_DIRECTORY)), info, *target);
    if (S_ISREG(info.st_mode)) {
        const Fd file(openInRoot(root.get(), *source, O_RDONLY | O_NONBLOCK));
        return file ? copyOpened(file.get(), info, *target)
                    : pathFailure(errno, StoreText::tr("Cannot read the source"), m_entry.sourcePath);
    }
    return copySpecial(info, *target);
}

Result<> TreeCopy::copyFolder(Fd source, const struct stat &info, const std::string &target)
{
    if (!source)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    bool made = false;
    const FileAttributes attributes = attributesOf(info);
    const Result<Fd> folder = m_writer.folder(target, attributes, &made);
    if (!folder)
        return std::unexpected(folder.error());
    if (made) {
        if (Result<> copied = m_writer.finish(folder->get(), source.get(), attributes, target); !copied)
            return copied;
        m_writer.keepFolderTime(target, info.st_mtim);
    }
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(::fdopendir(source.get()), ::closedir);
    if (!entries)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    (void)source.release(); // Closed with `entries`.
    while (const dirent *entry = ::readdir(entries.get())) {
        if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0)
            continue;
        const std::string below = (target == "/" ? target : target + '/') + entry->d_name;
        if (Result<> copied = copyOne(::dirfd(entries.get()), entry->d_name, below); !copied)
            return copied;
    }
    return {};
}

Result<> TreeCopy::copyOne(int folder, const std::string &name, const std::string &target)
{
    if (m_stop.stop_requested())
        return failure(ErrorKind::Cancelled, StoreText::tr("Cancelled"));
    struct stat info{};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    if (S_ISDIR(info.st_mode))
        return copyFolder(Fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)),
                          info, target);
    if (S_ISREG(info.st_mode))
        return copyFile(folder, name, info, target);
    if (S_ISLNK(info.st_mode))
        return copyLink(folder, name, info, target);
    return copySpecial(info, target);
}

Result<bool> TreeCopy::linkToEarlier(const struct stat &info, const std::string &target)
{
    if (info.st_nlink < 2)
        return false;
    const auto [earlier, isNew] = m_linked.try_emplace({info.st_dev, info.st_ino}, target);
    if (isNew)
        return false;
    const SplitPath from = splitPath(earlier->second);
    const SplitPath to = splitPath(target);
    const Fd fromParent(openInRoot(m_writer.root(), from.parent, O_PATH | O_DIRECTORY));
    const Result<int> toParent = m_writer.parentOf(to);
    if (!toParent)
        return std::unexpected(toParent.error());
    if (Result<> cleared = m_writer.clearFile(*toParent, target, to.name); !cleared)
        return std::unexpected(cleared.error());
    if (!fromParent || ::linkat(fromParent.get(), from.name.c_str(), *toParent, to.name.c_str(), 0) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make the hard link"), target);
    return true;
}

Result<> TreeCopy::copyFile(int folder, const std::string &name, const struct stat &info,
                            const std::string &target)
{
    const Result<bool> linked = linkToEarlier(info, target);
    if (!linked || *linked)
        return linked ? Result<>() : std::unexpected(linked.error());
    const Fd source(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!source)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    return copyOpened(source.get(), info, target);
}

Result<> TreeCopy::copyOpened(int source, const struct stat &info, const std::string &target)
{
    const SplitPath to = splitPath(target);
    const Result<int> parent = m_writer.parentOf(to);
    if (!parent)
        return std::unexpected(parent.error());
    if (Result<> cleared = m_writer.clearFile(*parent, target, to.name); !cleared)
        return cleared;
    const Result<Fd> made = m_writer.newFile(*parent, target, to.name);
    if (!made)
        return std::unexpected(made.error());
    if (Result<> copied = m_writer.copyContents(source, made->get(), info.st_size, target); !copied)
        return copied;
    return m_writer.finish(made->get(), source, attributesOf(info), target);
}

Result<> TreeCopy::copyLink(int folder, const std::string &name, const struct stat &info,
                            const std::string &target)
{
    std::array<char, PATH_MAX> text{};
    const ssize_t length = ::readlinkat(folder, name.c_str(), text.data(), text.size() - 1);
    if (length < 0)
        return pathFailure(errno, StoreText::tr("Cannot read the link"), target);
    const SplitPath to = splitPath(target);
    const Result<int> parent = m_writer.parentOf(to);
    if (!parent)
        return std::unexpected(parent.error());
    if (Result<> cleared = m_writer.clearFile(*parent, target, to.name); !cleared)
        return cleared;
    return m_writer.symlink(*parent, target, to.name, text.data(), attributesOf(info));
}

Result<> TreeCopy::copySpecial(const struct stat &info, const std::string &target)
{
    const bool isDevice = S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode);
    if (S_ISSOCK(info.st_mode) || (isDevice && info.st_rdev == makedev(0, 0)))
        return {}; // 0:0 is overlayfs' mark of a removed file.
    const SplitPath to = splitPath(target);
    const Result<int> parent = m_writer.parentOf(to);
    if (!parent)
        return std::unexpected(parent.error());
    if (Result<> cleared = m_writer.clearFile(*parent, target, to.name); !cleared)
        return cleared;
    const FileAttributes attributes = attributesOf(info);
    const timespec times[2] = {{0, UTIME_OMIT}, attributes.mtime};
    if (::mknodat(*parent, to.name.c_str(), (info.st_mode & S_IFMT) | 0600, info.st_rdev) != 0) {
        if (errno == EPERM && isDevice)
            return failure(ErrorKind::Unsupported,
                           StoreText::tr("Only an engine that runs as root can make device nodes"),
                           QFile::decodeName(target.c_str()),
                           StoreText::tr("Leave the device out of what is copied."));
        return pathFailure(errno, StoreText::tr("Cannot make the device or pipe"), target);
    }
    if (::fchownat(*parent, to.name.c_str(), attributes.uid, attributes.gid, AT_SYMLINK_NOFOLLOW) != 0 ||
        ::fchmodat(*parent, to.name.c_str(), attributes.mode & 07777, 0) != 0 ||
        ::utimensat(*parent, to.name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make the device or pipe"), target);
    return {};
}

} // namespace cooperage::embedded
