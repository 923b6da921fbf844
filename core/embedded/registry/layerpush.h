#pragma once

#include "core/embedded/archive/compressedsink.h"
#include "core/embedded/registry/blobupload.h"
#include "core/embedded/store/layerblobtable.h"
#include "core/images/reference.h"

#include <set>

namespace cooperage::embedded {

/// Brings the layers of one image into a repository.
class LayerPush
{
public:
    LayerPush(Store &store, const StoredImage &image, const images::Reference &target,
              Compression compression, BlobUpload &upload, std::stop_token stop);

    /// The layer as a blob that the repository now has.
    [[nodiscard]] Result<LayerBlobRow> push(size_t index);

private:
    [[nodiscard]] Result<QList<LayerBlobRow>> candidates(const LayerId &layer);
    [[nodiscard]] Result<std::optional<LayerBlobRow>> reuse(const LayerId &layer);
    [[nodiscard]] Result<bool> obtain(const LayerBlobRow &blob);
    [[nodiscard]] Result<LayerBlobRow> write(size_t index, int file);

    Store &m_store;
    const StoredImage &m_image;
    QString m_repository; ///< As the table has it.
    Compression m_compression;
    BlobUpload &m_upload;
    std::stop_token m_stop;
    LayerBlobTable m_table;
    std::set<QByteArray> m_absent; ///< Digests the repository was found to lack.
};

} // namespace cooperage::embedded
