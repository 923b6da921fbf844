#include "core/embedded/runtime/mountstubs.h"

#include "core/embedded/runtime/overlaymount.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <ranges>
#include <sys/stat.h>

namespace cooperage::embedded {

namespace {

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

std::unexpected<Error> stubFailure(int errnoValue, const std::string &path)
{
    return std::unexpected(systemError(errnoValue, RuntimeText::tr("Cannot make a mount point"),
                                       QFile::decodeName(path.c_str())));
}

// Makes the mount points that a root lacks, with their parents, and notes what it has made.
class StubMaker
{
public:
    StubMaker(int root, std::vector<std::string> *made) : m_root(root), m_made(made) {}

    Result<> make(const MountPoint &point)
    {
        if (const Fd found(openInRoot(m_root, point.path, O_PATH)); found)
            return {};
        const Result<std::string> place = finalPlace(point.path);
        if (!place)
            return std::unexpected(place.error());
        return makeOne(*place, point.isFolder, point.mode);
    }

private:
    Result<> makeOne(const std::string &path, bool isFolder, mode_t mode)
    {
        const SplitPath split = splitPath(path);
        const Fd parent(openInRoot(m_root, split.parent, O_PATH | O_DIRECTORY));
        if (!parent)
            return stubFailure(errno, path);
        const timespec time = timeOf(parent.get());
        const int failed = isFolder ? ::mkdirat(parent.get(), split.name.c_str(), 0700)
                                    : ::mknodat(parent.get(), split.name.c_str(), S_IFREG | 0600, 0);
        // Whatever the engine's umask is.
        if (failed != 0 || ::fchmodat(parent.get(), split.name.c_str(), mode, 0) != 0)
            return stubFailure(errno, path);
        setTime(parent.get(), time);
        m_made->push_back(path);
        return {};
    }

    // Makes the parents, and follows links that lead to nothing (/etc/resolv.conf -> ../run/systemd/...)
    // inside the root, to where the file must be.
    Result<std::string> finalPlace(const std::string &path)
    {
        if (--m_budget < 0)
            return stubFailure(ELOOP, path);
        const SplitPath split = splitPath(path);
        Fd parent(openInRoot(m_root, split.parent, O_PATH | O_DIRECTORY));
        if (!parent && errno != ENOENT)
            return stubFailure(errno, path);
        if (!parent) {
            const Result<std::string> place = finalPlace(split.parent);
            if (!place)
                return place;
            if (const Result<> made = makeOne(*place, true, 0755); !made)
                return std::unexpected(made.error());
            parent = Fd(openInRoot(m_root, split.parent, O_PATH | O_DIRECTORY));
        }
        std::array<char, PATH_MAX> target{};
        const ssize_t length =
            ::readlinkat(parent.get(), split.name.c_str(), target.data(), target.size() - 1);
        return length <= 0 ? path : finalPlace(joinInRoot(split.parent, target.data()));
    }

    int m_root;
    std::vector<std::string> *m_made;
    int m_budget = 1024; // Folders made plus links followed: ends planted circles.
};

// Everything is looked up again, inside the root; what has been filled meanwhile stays.
void removeIfEmpty(int root, const std::string &path)
{
    const SplitPath split = splitPath(path);
    const Fd parent(openInRoot(root, split.parent, O_PATH | O_DIRECTORY));
    struct stat info{};
    if (!parent || ::fstatat(parent.get(), split.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    const timespec time = timeOf(parent.get());
    const bool isFolder = S_ISDIR(info.st_mode);
    const bool emptyFile = S_ISREG(info.st_mode) && info.st_size == 0;
    if ((isFolder || emptyFile) &&
        ::unlinkat(parent.get(), split.name.c_str(), isFolder ? AT_REMOVEDIR : 0) == 0)
        setTime(parent.get(), time);
}

} // namespace

std::vector<MountPoint> mountPoints(const std::vector<RunMount> &mounts)
{
    std::vector<MountPoint> points{{"/proc"},
                                   {"/sys"},
                                   {"/dev"},
                                   {"/etc"},
                                   {"/etc/resolv.conf", false, 0644},
                                   {"/etc/hosts", false, 0644}};
    for (const RunMount &mount : mounts) {
        if (mount.target.starts_with("/dev/"))
            continue; // A folder in memory: the runtime makes it there.
        struct stat info{};
        const bool isFolder = mount.type == RunMount::Type::Memory ||
                              (mount.type == RunMount::Type::Bind &&
                               ::fstat(mount.source->get(), &info) == 0 && S_ISDIR(info.st_mode));
        const mode_t mode = mount.type == RunMount::Type::Memory ? 01777 : 0755;
        points.push_back({mount.target, isFolder, mode});
    }
    return points;
}

void StubLayer::removeCopies(const std::string &upper) const
{
    const Fd root(::open(upper.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const std::string &path : made | std::views::reverse)
        removeIfEmpty(root.get(), path);
}

Result<StubLayer> makeStubLayer(Store &store, const std::vector<LayerId> &layers, const LayerDraft &draft,
                                const std::vector<MountPoint> &points)
{
    StubLayer stubs{draft.folder() + "/stubs", {}};
    const std::string work = draft.folder() + "/stubs.work";
    for (const std::string &folder : {stubs.folder, work})
        if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
            return stubFailure(errno, folder);
    const Result<> mounted = layers.empty() ? mountBind(stubs.folder, draft.merged(), false)
                                            : mountOverlay({store.layerPath({}),
                                                            {layers.rbegin(), layers.rend()},
                                                            stubs.folder,
                                                            work,
                                                            draft.merged()});
    if (!mounted)
        return std::unexpected(mounted.error());
    Result<> made;
    {
        const Fd root(::open(draft.merged().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        StubMaker maker(root.get(), &stubs.made);
        for (const MountPoint &point : points)
            if (made)
                made = maker.make(point);
    }
    if (Result<> unmounted = unmountFolder(draft.merged()); !unmounted)
        return std::unexpected(unmounted.error());
    return made ? Result<StubLayer>(std::move(stubs)) : std::unexpected(made.error());
}

Result<> ResidualStubs::make(int root, const std::vector<MountPoint> &points)
{
    StubMaker maker(root, &m_made);
    for (const MountPoint &point : points)
        if (const Result<> stub = maker.make(point); !stub)
            return stub;
    return {};
}

void ResidualStubs::remove(int root)
{
    for (const std::string &path : m_made | std::views::reverse)
        removeIfEmpty(root, path);
    m_made.clear();
}

} // namespace cooperage::embedded
