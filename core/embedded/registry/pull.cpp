#include "core/embedded/registry/pull.h"

#include "core/embedded/registry/layerdownloads.h"
#include "core/embedded/registry/manifests.h"
#include "core/embedded/store/layerblobtable.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

struct PullText
{
    Q_DECLARE_TR_FUNCTIONS(Pull)
};

// An image without an index says only in its config what it is for.
static Result<> checkPlatform(const QByteArray &config, const Platform &wanted, const QString &what)
{
    const QJsonObject object = QJsonDocument::fromJson(config).object();
    const Platform is = normalised(
        {object["os"_L1].toString(), object["architecture"_L1].toString(), object["variant"_L1].toString()});
    if (is == wanted || is.architecture.isEmpty())
        return {};
    return failure(
        ErrorKind::Unsupported,
        PullText::tr("There is no image for %1; it is for %2").arg(wanted.toString(), is.toString()), what,
        PullText::tr("Import it without a platform, or choose an image or tag made for %1.")
            .arg(wanted.toString()));
}

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
    const auto fetched = fetchManifest(
        client, access.reference, access.platform ? QList<Platform>{*access.platform} : machinePlatforms());
    if (!fetched)
        return std::unexpected(fetched.error());
    const ImageManifest &manifest = fetched->manifest;
    const auto config = fetchConfig(client, manifest.config, what);
    if (!config)
        return std::unexpected(config.error());
    if (access.platform && !fetched->chosen) {
        if (const Result<> fits = checkPlatform(*config, *access.platform, what); !fits)
            return std::unexpected(fits.error());
    }
    const auto diffIds = diffIdsOf(*config, manifest.layers.size(), what);
    if (!diffIds)
        return std::unexpected(diffIds.error());
    LayerStack stack(store, *diffIds);
    if (auto done = LayerDownloads(store, auth, stack, manifest.layers, progress).run(stop); !done)
        return std::unexpected(done.error());
    auto layers = stack.commit();
    if (!layers)
        return std::unexpected(layers.error());
    if (auto remembered = rememberBlobs(store, access.reference, manifest, *diffIds, *layers); !remembered)
        return std::unexpected(remembered.error());
    return ImportedLayers{std::move(*layers), *config, stack.notes() + client.warnings()};
}

} // namespace cooperage::embedded
