#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/store/store.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace cooperage::embedded {

/// A mounted, read-only image. An open file in it must not outlive it.
class ImageView
{
public:
    ImageView(std::vector<LayerId> layers, LayerDraft draft, MountedRoot root)
        : m_layers(std::move(layers)), m_draft(std::move(draft)), m_root(std::move(root))
    {
    }
    [[nodiscard]] const std::string &path() const { return m_root.path(); }

private:
    std::vector<LayerId> m_layers; // Leased as long as they are mounted.
    LayerDraft m_draft;            // Unlocked and removed only after the mount is gone.
    MountedRoot m_root;
};

/// Views of images for inspecting, shared by requests; the last few stay mounted. Thread-safe.
class ImageViews
{
public:
    explicit ImageViews(Store &store) : m_store(store) {}

    /// NotFound for an unknown image.
    [[nodiscard]] Result<std::shared_ptr<ImageView>> view(const QString &image);
    /// Unmounts what no request uses.
    void clear();

private:
    Store &m_store;
    std::mutex m_mutex;
    std::list<std::pair<QString, std::shared_ptr<ImageView>>> m_recent{}; ///< Latest first.
};

} // namespace cooperage::embedded
