#include "core/embedded/runtime/mountstubs.h"

#include "core/embedded/runtime/overlaymount.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/stat.h>

namespace cooperage::embedded {

namespace {

struct MountPoint
{
    const char *path;
    bool isFolder;
};

constexpr std::array s_mountPoints{
    MountPoint{"/proc", true},
    MountPoint{"/sys", true},
    MountPoint{"/dev", true},
    MountPoint{"/etc", true},
    MountPoint{"/etc/resolv.conf", false},
    MountPoint{"/etc/hosts", false},
};

timespec timeOf(int fd)
{
    struct stat info{};
    return ::fstat(fd, &info) == 0 ? info.st_mtim : timespec{0, UTIME_OMIT};
}

void setTime(int folder, const timespec &time)
{
    const timespec times[2] = {{0, UTIME_OMIT}, time};
    const Fd writable(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (writable)
        ::futimens(writable.get(), times);
}

// Follows links that lead to nothing (/etc/resolv.conf -> ../run/systemd/...), inside the root, to where the
// file must be.
Result<std::string> finalPlace(int root, std::string path)
{
    for (int links = 0; links < 40; ++links) {
        const SplitPath split = splitPath(path);
        const Result<Fd> parent = ensureFolder(root, split.parent);
        if (!parent)
            return std::unexpected(parent.error());
        std::array<char, PATH_MAX> target{};
        const ssize_t length =
            ::readlinkat(parent->get(), split.name.c_str(), target.data(), target.size() - 1);
        if (length <= 0)
            return path;
        path = joinInRoot(split.parent, target.data());
    }
    return std::unexpected(
        systemError(ELOOP, RuntimeText::tr("Cannot make a mount point"), QFile::decodeName(path.c_str())));
}

// The path that was made, or empty if it was there.
Result<std::string> makeStub(int root, const MountPoint &point, timespec *parentTime)
{
    if (const Fd found(openInRoot(root, point.path, O_PATH)); found)
        return std::string();
    const Result<std::string> place = finalPlace(root, point.path);
    if (!place)
        return place;
    const SplitPath split = splitPath(*place);
    const Result<Fd> parent = ensureFolder(root, split.parent);
    if (!parent)
        return std::unexpected(parent.error());
    *parentTime = timeOf(parent->get());
    const int failed = point.isFolder ? ::mkdirat(parent->get(), split.name.c_str(), 0755)
                                      : ::mknodat(parent->get(), split.name.c_str(), S_IFREG | 0644, 0);
    if (failed != 0)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot make a mount point"),
                                           QFile::decodeName(place->c_str())));
    setTime(parent->get(), *parentTime);
    return place;
}

} // namespace

Result<std::string> makeStubLayer(Store &store, const std::vector<LayerId> &layers, const LayerDraft &draft)
{
    const std::string upper = draft.folder() + "/stubs";
    const std::string work = draft.folder() + "/stubs.work";
    for (const std::string &folder : {upper, work})
        if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
            return std::unexpected(systemError(errno, RuntimeText::tr("Cannot make a mount point"),
                                               QFile::decodeName(folder.c_str())));
    const Result<> mounted =
        layers.empty()
            ? mountBind(upper, draft.merged(), false)
            : mountOverlay(
                  {store.layerPath({}), {layers.rbegin(), layers.rend()}, upper, work, draft.merged()});
    if (!mounted)
        return std::unexpected(mounted.error());
    Result<> made;
    {
        const Fd root(::open(draft.merged().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        for (const MountPoint &point : s_mountPoints) {
            timespec time{};
            if (const Result<std::string> stub = makeStub(root.get(), point, &time); !stub && made)
                made = std::unexpected(stub.error());
        }
    }
    if (Result<> unmounted = unmountFolder(draft.merged()); !unmounted)
        return std::unexpected(unmounted.error());
    return made ? Result<std::string>(upper) : std::unexpected(made.error());
}

Result<> ResidualStubs::make(int root)
{
    for (const MountPoint &point : s_mountPoints) {
        timespec time{};
        const Result<std::string> stub = makeStub(root, point, &time);
        if (!stub)
            return std::unexpected(stub.error());
        if (!stub->empty())
            m_made.push_back({*stub, point.isFolder, time});
    }
    return {};
}

void ResidualStubs::remove(int root)
{
    // Everything is looked up again, inside the root; what has been filled meanwhile stays.
    for (auto stub = m_made.rbegin(); stub != m_made.rend(); ++stub) {
        const SplitPath split = splitPath(stub->path);
        const Fd parent(openInRoot(root, split.parent, O_PATH | O_DIRECTORY));
        struct stat info{};
        if (!parent || ::fstatat(parent.get(), split.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        const bool emptyFile = S_ISREG(info.st_mode) && info.st_size == 0;
        const bool gone = stub->isFolder ? ::unlinkat(parent.get(), split.name.c_str(), AT_REMOVEDIR) == 0
                                         : emptyFile && ::unlinkat(parent.get(), split.name.c_str(), 0) == 0;
        if (gone)
            setTime(parent.get(), stub->parentTime);
    }
    m_made.clear();
}

} // namespace cooperage::embedded
