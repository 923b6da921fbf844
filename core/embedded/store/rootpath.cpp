#include "core/embedded/store/rootpath.h"

#include "core/embedded/store/storetext.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace cooperage::embedded {

int openInRoot(int root, const std::string &path, std::uint64_t flags)
{
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    long fd = -1;
    do {
        fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    } while (fd < 0 &&
             (errno == EAGAIN || errno == EINTR)); // EAGAIN: a rename or mount elsewhere crossed the walk.
    return static_cast<int>(fd);
}

Result<std::string> plainPath(const std::string &path)
{
    const QString shown = QFile::decodeName(path.c_str());
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
        return failure(ErrorKind::BadInput, StoreText::tr("The path is not absolute"), shown);
    std::string plain;
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        at = end + 1;
        if (part.empty() || part == ".")
            continue;
        if (part == "..")
            return failure(ErrorKind::BadInput, StoreText::tr("The path holds \"..\""), shown);
        if (part.size() > NAME_MAX)
            return failure(ErrorKind::BadInput, StoreText::tr("A part of the path is longer than 255 bytes"),
                           shown);
        plain += '/' + part;
    }
    if (plain.size() >= PATH_MAX)
        return failure(ErrorKind::BadInput, StoreText::tr("The path is longer than 4095 bytes"), shown);
    return plain.empty() ? "/" : plain;
}

SplitPath splitPath(const std::string &plain)
{
    const std::size_t slash = plain.rfind('/');
    return {slash == 0 || slash == std::string::npos ? "/" : plain.substr(0, slash), plain.substr(slash + 1)};
}

static Result<Fd> makeFolder(int parent, const std::string &plain, const std::string &name, uid_t uid,
                             gid_t gid)
{
    const QString shown = QFile::decodeName(plain.c_str());
    const auto failed = [&] {
        return std::unexpected(systemError(errno, StoreText::tr("Cannot make the folder"), shown));
    };
    if (::mkdirat(parent, name.c_str(), 0755) != 0)
        return failed();
    Fd made(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!made || ::fchown(made.get(), uid, gid) != 0 || ::fchmod(made.get(), 0755) != 0)
        return failed();
    return made;
}

std::string joinInRoot(const std::string &folder, const std::string &link)
{
    const std::string path = link.starts_with('/') ? link : folder + '/' + link;
    std::string plain;
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        at = end + 1;
        if (part == "..")
            plain.resize(plain.empty() ? 0 : plain.rfind('/'));
        else if (!part.empty() && part != ".")
            plain += '/' + part;
    }
    return plain.empty() ? "/" : plain;
}

// What a link in a missing place names, as a path of the root; empty if `name` is no link.
static std::string linkedPath(int parent, const std::string &parentPath, const std::string &name)
{
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(parent, name.c_str(), target.data(), target.size());
    return length <= 0 ? std::string()
                       : joinInRoot(parentPath, {target.data(), static_cast<std::size_t>(length)});
}

static Result<Fd> ensureFolderBelow(int root, const std::string &plain, uid_t uid, gid_t gid, int &budget)
{
    const QString shown = QFile::decodeName(plain.c_str());
    if (Fd found(openInRoot(root, plain, O_PATH | O_DIRECTORY)); found)
        return found;
    if (errno == ENOTDIR)
        return failure(ErrorKind::BadInput, StoreText::tr("A file stands where a folder is needed"), shown);
    if (errno != ENOENT || plain == "/" || --budget < 0)
        return std::unexpected(systemError(errno, StoreText::tr("Cannot open the folder"), shown));
    const SplitPath split = splitPath(plain);
    Result<Fd> parent = ensureFolderBelow(root, split.parent, uid, gid, budget);
    if (!parent)
        return parent;
    if (const std::string linked = linkedPath(parent->get(), split.parent, split.name); !linked.empty())
        return ensureFolderBelow(root, linked, uid, gid, budget);
    return makeFolder(parent->get(), plain, split.name, uid, gid);
}

Result<Fd> ensureFolder(int root, const std::string &plain, uid_t uid, gid_t gid)
{
    int budget = 1024; // Folders made plus links followed: ends planted circles.
    return ensureFolderBelow(root, plain, uid, gid, budget);
}

std::string procPath(int fd)
{
    return "/proc/self/fd/" + std::to_string(fd);
}

} // namespace cooperage::embedded
