#include "core/embedded/registry/pull.h"

#include "core/embedded/registry/layerdownloads.h"
#include "core/embedded/registry/manifests.h"

#include <QCoreApplication>

namespace cooperage::embedded {

static Result<RegistryAccount> accountOf(const PullRequest &request)
{
    const images::Reference &reference = request.reference;
    const std::string scheme = reference.isLoopback() ? "http://" : "https://";
    const auto url = HttpUrl::parse(scheme + reference.apiHost().toStdString());
    if (!url)
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Pull", "The registry's name is not a valid host"),
                       reference.host);
    return RegistryAccount{url->origin, reference.repository.toStdString(), request.username.toStdString(),
                           request.password.toStdString()};
}

Result<ImportedLayers> pullImage(Store &store, const PullRequest &request, const ImportProgress &progress,
                                 std::stop_token stop)
{
    const QString what = request.reference.toString();
    auto account = accountOf(request);
    if (!account)
        return std::unexpected(account.error());
    RegistryAuth auth(std::move(*account));
    RegistryClient client(auth, stop);
    if (auto pinged = client.ping(); !pinged)
        return std::unexpected(pinged.error());
    const auto manifest = fetchManifest(client, request.reference);
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
    return stack.commit().transform([&](std::vector<LayerId> layers) {
        return ImportedLayers{std::move(layers), *config, stack.notes()};
    });
}

} // namespace cooperage::embedded
