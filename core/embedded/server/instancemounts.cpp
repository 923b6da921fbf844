#include "core/embedded/server/instancemounts.h"

#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/staging.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using Type = MountRequest::Type;

// A path of a mounted image, by descriptor: links end in the image, whatever it holds.
static Result<std::shared_ptr<const Fd>> openSource(const std::string &root, const QString &source)
{
    const Fd folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    auto found = std::make_shared<const Fd>(
        folder ? openInRoot(folder.get(), joinInRoot("/", source.toStdString()), O_PATH) : -1);
    if (!*found && errno == ENOENT)
        return failure(ErrorKind::NotFound, Text::tr("\"%1\": not found").arg(source), {},
                       Text::tr("Check the source of the mount."));
    if (!*found)
        return std::unexpected(systemError(errno, Text::tr("Cannot open the source of a mount"), source));
    return found;
}

// What is written is thrown away with the layer that it goes to.
Result<InstanceMounts::Source> InstanceMounts::bindSource(Store &store, ImageViews &views,
                                                          const MountRequest &request)
{
    if (request.image && request.mount.readOnly) {
        Result<std::shared_ptr<ImageView>> view = views.view(request.image->uuid);
        if (!view)
            return std::unexpected(view.error());
        m_views.push_back(std::move(*view));
        return openSource(m_views.back()->path(), request.source);
    }
    Result<LayerDraft> draft = store.beginLayer();
    if (!draft)
        return std::unexpected(draft.error());
    const std::vector<LayerId> layers = request.image ? request.image->layers : std::vector<LayerId>();
    Result<MountedRoot> root = MountedRoot::mount(store, layers, *draft);
    if (!root)
        return std::unexpected(root.error());
    m_scratch.push_back(std::make_unique<Scratch>(std::move(*draft), std::move(*root)));
    return openSource(m_scratch.back()->root.path(), request.source);
}

static CacheSharing sharingOf(const QString &text)
{
    return text == "private"_L1  ? CacheSharing::Private
           : text == "locked"_L1 ? CacheSharing::Locked
                                 : CacheSharing::Shared;
}

static std::string cacheKey(const MountRequest &request)
{
    const RunMount &mount = request.mount;
    QStringList key{request.id};
    if (request.image)
        key << request.image->uuid << request.source;
    if (mount.uid != 0 || mount.gid != 0 || mount.mode != 0755)
        key << u"%1:%2 %3"_s.arg(mount.uid).arg(mount.gid).arg(mount.mode, 4, 8, QChar(u'0'));
    return key.join(u'\n').toStdString();
}

// What a new cache begins with.
static Result<> fillCache(int folder, ImageViews &views, const MountRequest &request,
                          const std::stop_token &stop)
{
    if (!request.image) {
        const RunMount &mount = request.mount;
        if (::fchown(folder, mount.uid, mount.gid) != 0 || ::fchmod(folder, mount.mode) != 0)
            return std::unexpected(systemError(errno, Text::tr("Cannot prepare a cache"), request.id));
        return {};
    }
    const Result<std::shared_ptr<ImageView>> view = views.view(request.image->uuid);
    if (!view)
        return std::unexpected(view.error());
    StageEntry copy{.type = StageEntry::Type::Copy, .path = "/"};
    copy.sourceRoot = (*view)->path();
    copy.sourcePath = request.source.toStdString();
    return stageEntries(procPath(folder), {copy}, stop);
}

Result<> InstanceMounts::takeCaches(Store &store, ImageViews &views,
                                    const std::vector<MountRequest> &requests, const std::stop_token &stop)
{
    std::map<std::string, const MountRequest *> wanted;
    for (const MountRequest &request : requests)
        if (request.type == Type::Cache)
            wanted.emplace(cacheKey(request), &request);
    for (const auto &[key, request] : wanted) {
        const auto fill = [&](int folder) { return fillCache(folder, views, *request, stop); };
        Result<std::unique_ptr<CacheVolumes::Lease>> lease =
            store.caches().take({key, sharingOf(request->sharing), fill}, stop);
        if (!lease)
            return std::unexpected(lease.error());
        m_caches.emplace(key, std::move(*lease));
    }
    return {};
}

Result<> InstanceMounts::open(Store &store, ImageViews &views, const std::vector<MountRequest> &requests,
                              const std::stop_token &stop)
{
    if (const Result<> taken = takeCaches(store, views, requests, stop); !taken)
        return taken;
    for (const MountRequest &request : requests) {
        if (request.type == Type::Variable) {
            m_variables[request.name.toStdString()] = request.mount.content;
            continue;
        }
        RunMount mount = request.mount;
        if (mount.type == RunMount::Type::Bind) {
            Result<Source> source = request.type == Type::Cache
                                        ? Result<Source>(m_caches.at(cacheKey(request))->data())
                                        : bindSource(store, views, request);
            if (!source)
                return std::unexpected(source.error());
            mount.source = std::move(*source);
        }
        m_mounts.push_back(std::move(mount));
    }
    return {};
}

void InstanceMounts::addTo(ProcessSpec &spec) const
{
    spec.mounts = m_mounts;
    for (const auto &[name, value] : m_variables)
        spec.env.insert_or_assign(name, value);
}

} // namespace cooperage::embedded
