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
    const mode_t own = info.st_mode & 07777;
    return {m_entry.setOwner ? m_entry.uid : info.st_uid, m_entry.setOwner ? m_entry.gid : info.st_gid,
            m_entry.modeChange ? m_entry.modeChange->apply(own, S_ISDIR(info.st_mode))
            : m_entry.setMode  ? m_entry.mode
                               : own,
            info.st_mtim};
}

Result<> TreeCopy::run()
{
    Result<context::CopyPatterns> patterns = context::CopyPatterns::compile(m_entry.include, m_entry.exclude);
    if (!patterns)
        return std::unexpected(patterns.error());
    m_patterns = *std::move(patterns);
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
    if (S_ISDIR(info.st_mode)) {
        // A folder that is there takes nothing from the source but its time.
        const Fd folder(openInRoot(root.get(), *source, O_RDONLY | O_DIRECTORY));
        bool made = false;
        const Result<Fd> there = m_writer.folder(*target, attributesOf(info), &made, m_entry.standing);
        if (!there || !folder)
            return there ? pathFailure(errno, StoreText::tr("Cannot read the source"), m_entry.sourcePath)
                         : Result<>(std::unexpected(there.error()));
        if (made) {
            if (Result<> copied = m_writer.finish(there->get(), folder.get(), attributesOf(info), *target);
                !copied)
                return copied;
        }
        m_writer.keepFolderTime(*target, info.st_mtim);
        return copyNames(folder.get(), *target, {});
    }
    if (S_ISREG(info.st_mode)) {
        const Fd file(openInRoot(root.get(), *source, O_RDONLY | O_NONBLOCK));
        return file ? copyOpened(file.get(), info, *target)
                    : pathFailure(errno, StoreText::tr("Cannot read the source"), m_entry.sourcePath);
    }
    return copySpecial(info, *target);
}

Result<> TreeCopy::makeFolder(int source, const struct stat &info, const std::string &target)
{
    bool made = false;
    const FileAttributes attributes = attributesOf(info);
    const Result<Fd> folder = m_writer.folder(target, attributes, &made, m_entry.standing);
    if (!folder)
        return std::unexpected(folder.error());
    m_writer.keepFolderTime(target, info.st_mtim);
    if (!made && m_patterns.includeRules()) // COPY --parents leaves the rest of what is there.
        return {};
    return m_writer.finish(folder->get(), source, attributes, target);
}

Result<> TreeCopy::makeWaiting()
{
    for (const Waiting &folder : m_waiting)
        if (const Result<> made = makeFolder(folder.source, folder.info, folder.target); !made)
            return made;
    m_waiting.clear();
    return {};
}

Result<> TreeCopy::copyFolder(Fd source, const struct stat &info, const std::string &target,
                              const Place &place)
{
    if (!source)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    if (!place.wanted) {
        m_waiting.push_back({target, source.get(), info});
        const Result<> copied = copyNames(source.get(), target, place);
        if (!m_waiting.empty() && m_waiting.back().target == target)
            m_waiting.pop_back();
        return copied;
    }
    if (const Result<> made = makeWaiting(); !made)
        return made;
    if (const Result<> made = makeFolder(source.get(), info, target); !made)
        return made;
    return copyNames(source.get(), target, place);
}

Result<> TreeCopy::copyNames(int folder, const std::string &target, const Place &folderPlace)
{
    const int list = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(list < 0 ? nullptr : ::fdopendir(list), ::closedir);
    if (!entries)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    while (const dirent *entry = ::readdir(entries.get())) {
        if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0)
            continue;
        const std::string below = (target == "/" ? target : target + '/') + entry->d_name;
        if (Result<> copied = copyOne(folder, entry->d_name, below, folderPlace); !copied)
            return copied;
    }
    return {};
}

Result<> TreeCopy::copyOne(int folder, const std::string &name, const std::string &target,
                           const Place &folderPlace)
{
    if (m_stop.stop_requested())
        return failure(ErrorKind::Cancelled, StoreText::tr("Cancelled"));
    struct stat info{};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return pathFailure(errno, StoreText::tr("Cannot read the source"), target);
    const Result<Place> place = m_patterns.below(folderPlace, QFile::decodeName(name.c_str()));
    if (!place)
        return std::unexpected(place.error());
    if (place->over || (!place->wanted && !S_ISDIR(info.st_mode)))
        return {};
    if (S_ISDIR(info.st_mode))
        return copyFolder(Fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)),
                          info, target, *place);
    if (const Result<> made = makeWaiting(); !made)
        return made;
    if (S_ISREG(info.st_mode))
        return copyFile(folder, name, info, target);
    if (S_ISLNK(info.st_mode))
        return copyLink(folder, name, info, target);
    return copySpecial(info, target);
}

Result<int> TreeCopy::placeOf(const std::string &target)
{
    const SplitPath to = splitPath(target);
    const Result<int> parent = m_writer.parentOf(to);
    if (!parent)
        return parent;
    if (Result<> cleared = m_writer.clearFile(*parent, target, to.name, m_entry.standing); !cleared)
        return std::unexpected(cleared.error());
    return *parent;
}

Result<bool> TreeCopy::linkToEarlier(const struct stat &info, const std::string &target)
{
    if (info.st_nlink < 2)
        return false;
    const auto [earlier, isNew] = m_linked.try_emplace({info.st_dev, info.st_ino}, target);
    if (isNew)
        return false;
    const Result<int> parent = placeOf(target);
    if (!parent)
        return std::unexpected(parent.error());
    if (Result<> linked = m_writer.hardLink(*parent, target, splitPath(target).name, earlier->second);
        !linked)
        return std::unexpected(linked.error());
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
    const Result<int> parent = placeOf(target);
    if (!parent)
        return std::unexpected(parent.error());
    const Result<Fd> made = m_writer.newFile(*parent, target, splitPath(target).name);
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
    const Result<int> parent = placeOf(target);
    if (!parent)
        return std::unexpected(parent.error());
    return m_writer.symlink(*parent, target, splitPath(target).name, text.data(), attributesOf(info));
}

Result<> TreeCopy::copySpecial(const struct stat &info, const std::string &target)
{
    const bool isDevice = S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode);
    if (S_ISSOCK(info.st_mode) || (isDevice && info.st_rdev == makedev(0, 0)))
        return {}; // 0:0 is overlayfs' mark of a removed file.
    const Result<int> parent = placeOf(target);
    if (!parent)
        return std::unexpected(parent.error());
    return m_writer.special(*parent, target, splitPath(target).name, info.st_mode, info.st_rdev,
                            attributesOf(info));
}

} // namespace cooperage::embedded
