#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

namespace cooperage::embedded {

/// What the tar that the engine writes of a layer is, kept so that an export or push need not read the layer
/// an extra time. A layer never changes, and neither does its tar.
class LayerTarTable
{
public:
    struct Row
    {
        QByteArray diffId; ///< "sha256:..."
        qint64 size = 0;   ///< Bytes.
    };

    explicit LayerTarTable(Database &database) : m_database(database) {}

    /// Nothing for a layer that was never written.
    [[nodiscard]] Result<std::optional<Row>> find(const LayerId &layer);
    [[nodiscard]] Result<> insert(const LayerId &layer, const Row &row);
    [[nodiscard]] Result<> remove(const LayerId &layer);

private:
    Database &m_database;
};

} // namespace cooperage::embedded
