#include "core/embedded/archive/treewriter.h"

#include "core/embedded/archive/entrypath.h"

#include <QCoreApplication>

#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace cooperage::embedded {

namespace {

struct WriterText
{
    Q_DECLARE_TR_FUNCTIONS(TreeWriter)
};

constexpr int maximumLinks = 40; // as the kernel

std::unexpected<Error> writeError(int errnoValue, const std::string &path)
{
    return std::unexpected(systemError(errnoValue, WriterText::tr("Unpacking failed"), shownPath(path)));
}

/// Forgets what was below `path`, and `path` itself.
template <typename Map>
void eraseTree(Map &map, const std::string &path)
{
    map.erase(path);
    map.erase(map.lower_bound(path + '/'), map.lower_bound(path + char('/' + 1)));
}

} // namespace

std::string Place::path() const
{
    return joinPath(folderPath, name);
}

TreeWriter::TreeWriter(Fd root) : m_root(std::move(root))
{
    m_folders.emplace(std::string(), std::nullopt);
}

Result<std::unique_ptr<TreeWriter>> TreeWriter::open(const std::string &root)
{
    Fd fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd)
        return writeError(errno, root);
    return std::unique_ptr<TreeWriter>(new TreeWriter(std::move(fd)));
}

Result<Fd> TreeWriter::openFolder(const std::string &resolved) const
{
    open_how how{};
    how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    long fd = -1;
    do {
        fd =
            ::syscall(SYS_openat2, m_root.get(), resolved.empty() ? "." : resolved.c_str(), &how, sizeof how);
    } while (fd < 0 && (errno == EAGAIN || errno == EINTR));
    if (fd < 0)
        return writeError(errno, resolved);
    return Fd(static_cast<int>(fd));
}

Result<std::string> TreeWriter::resolve(const std::string &path) const
{
    const auto first = pathParts(path);
    std::deque<std::string> pending(first.begin(), first.end());
    std::string resolved;
    int links = 0;
    while (!pending.empty()) {
        const std::string part = pending.front();
        pending.pop_front();
        if (part == ".")
            continue;
        if (part == "..") {
            resolved = splitEntryPath(resolved).first;
            continue;
        }
        const std::string here = joinPath(resolved, part);
        const auto link = m_links.find(here);
        if (link == m_links.end()) {
            resolved = here;
            continue;
        }
        if (++links > maximumLinks)
            return writeError(ELOOP, path);
        if (link->second.starts_with('/'))
            resolved.clear();
        const auto target = pathParts(link->second);
        pending.insert(pending.begin(), target.begin(), target.end());
    }
    return resolved;
}

Result<> TreeWriter::makeFolders(const std::string &resolved)
{
    if (m_folders.contains(resolved))
        return {};
    const auto [parent, name] = splitEntryPath(resolved);
    if (auto made = makeFolders(parent); !made)
        return made;
    const auto folder = openFolder(parent);
    if (!folder)
        return std::unexpected(folder.error());
    if (::mkdirat(folder->get(), name.c_str(), 0700) < 0) {
        if (errno == EEXIST)
            return failure(ErrorKind::BadInput,
                           WriterText::tr("Something lies in it, but it is not a folder"),
                           shownPath(resolved));
        return writeError(errno, resolved);
    }
    m_folders.emplace(resolved, std::nullopt);
    return {};
}

Result<Place> TreeWriter::place(const std::string &path)
{
    const auto [parent, name] = splitEntryPath(path);
    if (!m_cached || m_stale || parent != m_cachedParent) {
        auto resolved = resolve(parent);
        if (!resolved)
            return std::unexpected(resolved.error());
        if (auto made = makeFolders(*resolved); !made)
            return std::unexpected(made.error());
        auto folder = openFolder(*resolved);
        if (!folder)
            return std::unexpected(folder.error());
        m_cached = std::move(*folder);
        m_cachedParent = parent;
        m_cachedResolved = *resolved;
        m_stale = false;
    }
    return Place{m_cached.get(), m_cachedResolved, name};
}

Result<> TreeWriter::clear(const Place &place)
{
    if (place.name.empty())
        return failure(ErrorKind::BadInput, WriterText::tr("The image's root is not a folder"));
    if (::unlinkat(place.folder, place.name.c_str(), 0) == 0 || errno == ENOENT) {
        m_stale |= m_links.erase(place.path()) > 0;
        return {};
    }
    if (errno != EISDIR && errno != EPERM)
        return writeError(errno, place.path());
    std::error_code error;
    std::filesystem::remove_all("/proc/self/fd/" + std::to_string(place.folder) + '/' + place.name, error);
    if (error)
        return writeError(error.value(), place.path());
    eraseTree(m_links, place.path());
    eraseTree(m_folders, place.path());
    m_stale = true;
    return {};
}

Result<> TreeWriter::addFolder(const Place &place, EntryMetadata metadata)
{
    const std::string path = place.path();
    if (!m_folders.contains(path)) {
        if (auto cleared = clear(place); !cleared)
            return cleared;
        if (::mkdirat(place.folder, place.name.c_str(), 0700) < 0)
            return writeError(errno, path);
    }
    m_folders.insert_or_assign(path, std::move(metadata));
    return {};
}

Result<Fd> TreeWriter::addFile(const Place &place)
{
    if (auto cleared = clear(place); !cleared)
        return std::unexpected(cleared.error());
    Fd fd(::openat(place.folder, place.name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC,
                   0600));
    if (!fd)
        return writeError(errno, place.path());
    return fd;
}

Result<> TreeWriter::addLink(const Place &place, const std::string &target)
{
    if (auto cleared = clear(place); !cleared)
        return cleared;
    if (::symlinkat(target.c_str(), place.folder, place.name.c_str()) < 0)
        return writeError(errno, place.path());
    m_links.insert_or_assign(place.path(), target);
    return {};
}

Result<> TreeWriter::addNode(const Place &place, mode_t type, dev_t device)
{
    if (auto cleared = clear(place); !cleared)
        return cleared;
    if (::mknodat(place.folder, place.name.c_str(), type | 0600, device) < 0)
        return writeError(errno, place.path());
    return {};
}

Result<bool> TreeWriter::addHardLink(const std::string &path, const std::string &target)
{
    const auto [targetParent, targetName] = splitEntryPath(target);
    const auto resolved = resolve(targetParent);
    if (!resolved)
        return std::unexpected(resolved.error());
    const auto from = m_folders.contains(*resolved) ? openFolder(*resolved) : Result<Fd>();
    if (!from)
        return std::unexpected(from.error());
    struct stat info{};
    if (!*from || ::fstatat(from->get(), targetName.c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0)
        return false;
    const auto to = place(path);
    if (!to)
        return std::unexpected(to.error());
    const std::string targetPath = joinPath(*resolved, targetName);
    if (targetPath == to->path())
        return true;
    const std::string newPath = to->path();
    if (S_ISDIR(info.st_mode))
        return failure(ErrorKind::BadInput,
                       WriterText::tr("A hard link names the folder %1").arg(shownPath(target)),
                       shownPath(path));
    // What is replaced may hold the target.
    if (targetPath.starts_with(newPath + '/'))
        return failure(ErrorKind::BadInput, WriterText::tr("A hard link would replace its own target"),
                       shownPath(path));
    if (auto cleared = clear(*to); !cleared)
        return std::unexpected(cleared.error());
    if (::linkat(from->get(), targetName.c_str(), to->folder, to->name.c_str(), 0) < 0)
        return writeError(errno, path);
    if (const auto link = m_links.find(targetPath); link != m_links.end())
        m_links.insert_or_assign(newPath, link->second);
    return true;
}

} // namespace cooperage::embedded
