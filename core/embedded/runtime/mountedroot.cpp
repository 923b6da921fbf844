#include "core/embedded/runtime/overlaymount.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

namespace cooperage::embedded {

struct MountedRoot::Private
{
    std::string path;
    bool mounted = false;

    ~Private()
    {
        // Reached after an error only, or with a read-only view: what still reads from it may go on.
        if (mounted)
            ::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
    }
};

MountedRoot::MountedRoot(std::unique_ptr<Private> p) : d(std::move(p)) {}
MountedRoot::~MountedRoot() = default;
MountedRoot::MountedRoot(MountedRoot &&) noexcept = default;
MountedRoot &MountedRoot::operator=(MountedRoot &&) noexcept = default;

const std::string &MountedRoot::path() const
{
    return d->path;
}

Result<> MountedRoot::unmount()
{
    if (!d->mounted)
        return {};
    Result<> done = unmountFolder(d->path);
    d->mounted = !done;
    return done;
}

static std::vector<std::string> topFirst(const std::vector<LayerId> &layers)
{
    return {layers.rbegin(), layers.rend()};
}

// The root folder of a merged tree is the upper one: as long as nothing is in it, it looks like the one
// below.
static Result<> inheritRoot(const std::string &upper, const std::string &below)
{
    struct stat info{};
    if (::stat(below.c_str(), &info) != 0 || ::chown(upper.c_str(), info.st_uid, info.st_gid) != 0 ||
        ::chmod(upper.c_str(), info.st_mode & 07777) != 0)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot prepare the root of a layer"),
                                           QFile::decodeName(upper.c_str())));
    return {};
}

static Result<> mountLayers(Store &store, const std::vector<LayerId> &layers, std::vector<std::string> lowers,
                            const LayerDraft &draft)
{
    if (lowers.empty())
        return mountBind(draft.upper(), draft.merged(), false);
    if (Store::isEmpty(draft) && !layers.empty())
        if (Result<> done = inheritRoot(draft.upper(), store.layerPath(layers.back())); !done)
            return done;
    return mountOverlay(
        {store.layerPath({}), std::move(lowers), draft.upper(), draft.work(), draft.merged()});
}

Result<MountedRoot> MountedRoot::mount(Store &store, const std::vector<LayerId> &layers,
                                       const LayerDraft &draft)
{
    auto p = std::make_unique<Private>();
    p->path = draft.merged();
    if (const Result<> mounted = mountLayers(store, layers, topFirst(layers), draft); !mounted)
        return std::unexpected(mounted.error());
    p->mounted = true;
    return MountedRoot(std::move(p));
}

Result<MountedRoot> MountedRoot::mountOver(Store &store, const std::vector<LayerId> &layers,
                                           const std::string &extraLower, const LayerDraft &draft)
{
    auto p = std::make_unique<Private>();
    p->path = draft.merged();
    std::vector<std::string> lowers = topFirst(layers);
    lowers.insert(lowers.begin(), extraLower);
    if (const Result<> mounted = mountLayers(store, layers, std::move(lowers), draft); !mounted)
        return std::unexpected(mounted.error());
    p->mounted = true;
    return MountedRoot(std::move(p));
}

Result<MountedRoot> MountedRoot::view(Store &store, const std::vector<LayerId> &layers,
                                      const LayerDraft &draft)
{
    auto p = std::make_unique<Private>();
    p->path = draft.merged();
    // overlayfs wants two lower folders.
    const Result<> mounted =
        layers.size() < 2
            ? mountBind(layers.empty() ? draft.upper() : store.layerPath(layers.front()), p->path, true)
            : mountOverlay({store.layerPath({}), topFirst(layers), {}, {}, p->path});
    if (!mounted)
        return std::unexpected(mounted.error());
    p->mounted = true;
    return MountedRoot(std::move(p));
}

} // namespace cooperage::embedded
