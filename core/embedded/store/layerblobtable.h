#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

namespace cooperage::embedded {

/// A blob at a registry that holds a layer.
struct LayerBlobRow
{
    LayerId layer;
    QString repository; ///< "docker.io/library/ubuntu"
    QByteArray digest;  ///< "sha256:..." of the blob as it is stored there.
    QByteArray diffId;  ///< "sha256:..." of the tar in it.
    qint64 size = 0;    ///< Bytes of the blob.
    QString mediaType{};

    bool operator==(const LayerBlobRow &) const = default;
};

/// Which blobs of which repositories are known to hold the store's layers: a push need not send them again.
class LayerBlobTable
{
public:
    explicit LayerBlobTable(Database &database) : m_database(database) {}

    /// What is known already is replaced.
    [[nodiscard]] Result<> add(const LayerBlobRow &row);
    [[nodiscard]] Result<QList<LayerBlobRow>> of(const LayerId &layer);
    /// The registry has it no more.
    [[nodiscard]] Result<> remove(const LayerBlobRow &row);

private:
    Database &m_database;
};

} // namespace cooperage::embedded
