#include "core/embedded/server/imageviews.h"

#include <algorithm>

namespace cooperage::embedded {

static constexpr size_t kept = 8;

Result<std::shared_ptr<ImageView>> ImageViews::view(const QString &image)
{
    const Result<StoredImage> stored = m_store.image(image);
    if (!stored)
        return std::unexpected(stored.error());
    const std::scoped_lock lock(m_mutex);
    const auto found = std::ranges::find(m_recent, stored->uuid, &decltype(m_recent)::value_type::first);
    if (found != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, found);
        return found->second;
    }
    Result<LayerDraft> draft = m_store.beginLayer();
    if (!draft)
        return std::unexpected(draft.error());
    Result<MountedRoot> root = MountedRoot::view(m_store, stored->layers, *draft);
    if (!root)
        return std::unexpected(root.error());
    m_recent.emplace_front(stored->uuid,
                           std::make_shared<ImageView>(stored->layers, std::move(*draft), std::move(*root)));
    if (m_recent.size() > kept)
        m_recent.pop_back();
    return m_recent.front().second;
}

void ImageViews::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_recent.clear();
}

} // namespace cooperage::embedded
