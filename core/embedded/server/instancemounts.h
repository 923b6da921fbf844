#pragma once

#include "core/embedded/runtime/process.h"
#include "core/embedded/server/imageviews.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/store/cachevolumes.h"
#include "core/embedded/store/store.h"

#include <QJsonArray>
#include <QJsonObject>

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace cooperage::embedded {

/// One of `mounts` of POST /v1/instances (docs/engine-protocol.md), checked.
struct MountRequest
{
    enum class Type { Bind, Cache, Memory, File, Variable, Agent };
    Type type = Type::Bind;
    RunMount mount{};                   ///< Without its source.
    std::optional<StoredImage> image{}; ///< Bind and Cache: where they begin; absent: nothing.
    QString source{};                   ///< A path in it.
    QString id{};                       ///< Cache.
    QString sharing{};
    QString name{}; ///< Variable: `mount.content` is its value.

    /// Of all elements of `mounts`. `local`: whether paths of this machine may be used. BadInput names the
    /// element.
    [[nodiscard]] static Result<std::vector<MountRequest>> readAll(Store &store, const QJsonArray &mounts,
                                                                   bool local);
    /// As operations show it: without contents.
    [[nodiscard]] QJsonObject shown() const;
};

/// What a run's mounts stand on: views of images, scratch layers over them, caches. They are in use as long
/// as this lives.
class InstanceMounts
{
public:
    /// Waits for caches that somebody else has locked. NotFound for a path that an image lacks.
    [[nodiscard]] Result<> open(Store &store, ImageViews &views, const std::vector<MountRequest> &requests,
                                const std::stop_token &stop);
    /// Adds what was opened.
    void addTo(ProcessSpec &spec) const;

private:
    struct Scratch
    {
        LayerDraft draft;
        MountedRoot root;
    };
    using Source = std::shared_ptr<const Fd>;

    [[nodiscard]] Result<Source> bindSource(Store &store, ImageViews &views, const MountRequest &request);
    /// Takes each cache once, in the order of their keys: two runs cannot wait for each other.
    [[nodiscard]] Result<> takeCaches(Store &store, ImageViews &views,
                                      const std::vector<MountRequest> &requests, const std::stop_token &stop);

    std::vector<std::shared_ptr<ImageView>> m_views;
    std::vector<std::unique_ptr<Scratch>> m_scratch;
    std::map<std::string, std::unique_ptr<CacheVolumes::Lease>> m_caches; ///< By key.
    std::map<std::string, std::string> m_variables;
    std::vector<RunMount> m_mounts; ///< Last: its descriptors go first.
};

} // namespace cooperage::embedded
