#pragma once

#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/archive/import.h"
#include "core/embedded/archive/layerstack.h"
#include "core/embedded/registry/registryclient.h"

#include <mutex>

namespace cooperage::embedded {

/// Fetches the layers that the store lacks: up to four at once, the largest first, each unpacked by the
/// thread that fetched it while the others go on. The first failure ends all.
class LayerDownloads
{
public:
    LayerDownloads(Store &store, RegistryAuth &auth, LayerStack &stack, const QList<Descriptor> &layers,
                   const ImportProgress &progress);

    [[nodiscard]] Result<> run(std::stop_token stop);

private:
    void work(std::stop_token stop);
    [[nodiscard]] Result<> fetch(RegistryClient &client, size_t index, std::stop_token stop);
    [[nodiscard]] std::optional<size_t> takeNext();
    void arrived(qint64 change);
    void fail(const Error &error);

    Store &m_store;
    RegistryAuth &m_auth;
    LayerStack &m_stack;
    const QList<Descriptor> &m_layers;
    const ImportProgress &m_progress;

    std::mutex m_mutex;
    std::vector<size_t> m_waiting; ///< Taken from the back.
    qint64 m_done = 0;
    qint64 m_total = 0;
    std::optional<Error> m_error;
    std::stop_source m_stop;
};

} // namespace cooperage::embedded
