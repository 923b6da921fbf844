#include "core/embedded/registry/pull.h"

#include "core/embedded/registry/layerdownloads.h"
#include "core/embedded/registry/manifests.h"
#include "core/embedded/store/layerblobtable.h"

namespace cooperage::embedded {

static Result<> rememberBlobs(Store &store, const images::Reference &reference, const ImageManifest &manifest,
                              const QList<QByteArray> &diffIds, const std::vector<LayerId> &layers)
{
    LayerBlobTable table(store.database());
    for (qsizetype i = 0; i < manifest.layers.size(); ++i) {
        const Descriptor &blob = manifest.layers[i];
        if (auto added = table.add({layers[static_cast<size_t>(i)], blobRepository(reference), blob.digest,
                                    diffIds[i], blob.size, blob.mediaType});
            !added)
            return added;
    }
    return {};
}

Result<ImportedLayers> pullImage(Store &store, const RegistryAccess &access, const ImportProgress &progress,
                                 std::stop_token stop)
{
    const QString what = access.reference.toString();
    auto account = openRegistry(access, stop);
    if (!account)
        return std::unexpected(account.error());
    RegistryAuth auth(std::move(*account));
    RegistryClient client(auth, stop);
    const auto manifest = fetchManifest(client, access.reference);
    if (!manifest)
        return std::unexpected(manifest.error());
    const auto config = fetchConfig(client, manifest->config, what);
    if (!config)
        return std::unexpected(config.error());
    const auto diffIds = diffIdsOf(*config, manifest->layers.size(), what);
    if (!diffIds)
        return std::unexpected(diffIds.error());
    LayerStack stack(store, *diffIds);
    if (auto fetched = LayerDownloads(store, auth, stack, manifest->layers, progress).run(stop); !fetched)
        return std::unexpected(fetched.error());
    auto layers = stack.commit();
    if (!layers)
        return std::unexpected(layers.error());
    if (auto remembered = rememberBlobs(store, access.reference, *manifest, *diffIds, *layers); !remembered)
        return std::unexpected(remembered.error());
    return ImportedLayers{std::move(*layers), *config, stack.notes() + client.warnings()};
}

} // namespace cooperage::embedded
