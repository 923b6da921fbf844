#include "core/embedded/registry/push.h"

#include "core/embedded/archive/exportdocuments.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/registry/layerpush.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct PushText
{
    Q_DECLARE_TR_FUNCTIONS(Push)
};

constexpr char manifestType[] = "application/vnd.oci.image.manifest.v1+json";

Compression compressionOf(const QString &mediaType)
{
    if (mediaType.endsWith("gzip"_L1))
        return Compression::Gzip;
    return mediaType.endsWith("zstd"_L1) ? Compression::Zstd : Compression::None;
}

/// The config as it came, where it describes these very layers: the image keeps its identity.
QByteArray configOf(const StoredImage &image, const QList<QByteArray> &diffIds)
{
    const auto own = diffIdsOf(image.config, diffIds.size(), {});
    return own && *own == diffIds ? image.config : exportedConfig({image.config, diffIds, image.createdAt});
}

Result<> sendConfig(BlobUpload &upload, const QByteArray &config)
{
    const QByteArray digest = digestOf(config);
    const auto isThere = upload.isThere(digest);
    if (!isThere)
        return std::unexpected(isThere.error());
    return *isThere ? Result<>() : upload.send(digest, {.type = {}, .bytes = config});
}

/// Stores the manifest under the tag; its digest, which the registry has confirmed.
Result<QByteArray> sendManifest(RegistryClient &client, const images::Reference &reference,
                                const QByteArray &manifest)
{
    const std::string path = "manifests/" + reference.tag.toStdString();
    const QByteArray digest = digestOf(manifest);
    const HttpBody body{.type = manifestType, .bytes = manifest};
    auto reply = client.send(
        {.method = "PUT", .url = client.urlOf(path), .what = reference.toString(), .body = &body});
    if (reply && reply->header("docker-content-digest").empty())
        reply = client.send({.method = "HEAD",
                             .url = client.urlOf(path),
                             .what = reference.toString(),
                             .accept = manifestType});
    if (!reply)
        return std::unexpected(reply.error());
    const std::string stored = reply->header("docker-content-digest");
    if (!stored.empty() && stored != digest.toStdString())
        return failure(ErrorKind::Failed, PushText::tr("The registry stored another manifest than was sent"),
                       reference.toString(),
                       PushText::tr("Push again; if it happens again, tell its operator."));
    return digest;
}

Result<> checkReference(const images::Reference &reference)
{
    if (!reference.tag.isEmpty() && reference.digest.isEmpty())
        return {};
    return failure(ErrorKind::BadInput, PushText::tr("An image is pushed under a tag, not under a digest"),
                   reference.toString(), PushText::tr("Write it as name:tag."));
}

} // namespace

Result<PushedImage> pushImage(Store &store, const StoredImage &image, const PushRequest &request,
                              const ImportProgress &progress, std::stop_token stop)
{
    const images::Reference &reference = request.access.reference;
    if (auto good = checkReference(reference); !good)
        return std::unexpected(good.error());
    RegistryAccess access = request.access;
    access.pushes = true;
    auto account = openRegistry(access, stop);
    if (!account)
        return std::unexpected(account.error());
    RegistryAuth auth(std::move(*account));
    RegistryClient client(auth, stop);
    qint64 done = 0;
    BlobUpload upload(client, request.chunkSize, [&](qint64 bytes) {
        done += bytes;
        if (progress)
            progress(done, -1);
    });
    LayerPush layers(store, image, reference, request.compression, upload, stop);
    QList<LayerDescriptor> descriptors;
    QList<QByteArray> diffIds;
    for (size_t i = 0; i < image.layers.size(); ++i) {
        const auto blob = layers.push(i);
        if (!blob)
            return std::unexpected(blob.error());
        descriptors.append({blob->digest, blob->size, compressionOf(blob->mediaType)});
        diffIds.append(blob->diffId);
    }
    const QByteArray config = configOf(image, diffIds);
    if (auto sent = sendConfig(upload, config); !sent)
        return std::unexpected(sent.error());
    return sendManifest(client, reference, exportedManifest(config, descriptors))
        .transform([&](const QByteArray &digest) { return PushedImage{digest, client.warnings()}; });
}

} // namespace cooperage::embedded
