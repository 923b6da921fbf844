#include "core/embedded/registry/manifests.h"

#include "core/embedded/registry/memorybody.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct ManifestText
{
    Q_DECLARE_TR_FUNCTIONS(Manifests)
};

constexpr int maximumDepth = 4;

// One header with all types: a registry may say "not found" for a manifest of a type that was not asked for.
constexpr char acceptedTypes[] =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

std::unexpected<Error> altered(const QString &what)
{
    return failure(
        ErrorKind::BadInput, ManifestText::tr("What the registry sent is not what its digest says"), what,
        ManifestText::tr("A proxy may have altered the download; try another network, or tell the registry's "
                         "operator."));
}

Result<ImageDocument> fetchDocument(RegistryClient &client, const QByteArray &tagOrDigest,
                                    const QString &what)
{
    MemoryBody body(maximumDocument);
    const auto reply = client.get("manifests/" + tagOrDigest.toStdString(), acceptedTypes, body, what);
    if (!reply)
        return std::unexpected(reply.error());
    const QString type = QString::fromStdString(reply->header("content-type"));
    if (type.startsWith("text/html"_L1))
        return failure(ErrorKind::Failed,
                       ManifestText::tr("The host answers with a web page, not as a container registry"),
                       what, ManifestText::tr("Check the registry's host and port."));
    const QByteArray stated = QByteArray::fromStdString(reply->header("docker-content-digest"));
    const QByteArray expected = isSha256Digest(tagOrDigest) ? tagOrDigest : stated;
    if (isSha256Digest(expected) && digestOf(body.bytes()) != expected)
        return altered(what);
    return parseImageDocument(body.bytes(), type, what);
}

} // namespace

Result<FetchedManifest> fetchManifest(RegistryClient &client, const images::Reference &reference,
                                      const QList<Platform> &wanted)
{
    const QString what = reference.toString();
    QByteArray name = (reference.digest.isEmpty() ? reference.tag : reference.digest).toLatin1();
    for (int depth = 0; depth <= maximumDepth; ++depth) {
        auto document = fetchDocument(client, name, what);
        if (!document)
            return std::unexpected(document.error());
        if (auto *manifest = std::get_if<ImageManifest>(&*document))
            return FetchedManifest{std::move(*manifest), depth > 0};
        const auto chosen = choosePlatform(std::get<ImageIndex>(*document), wanted, what);
        if (!chosen)
            return std::unexpected(chosen.error());
        name = chosen->digest;
    }
    return failure(ErrorKind::BadInput, ManifestText::tr("The image's indexes are nested too deeply"), what);
}

Result<QByteArray> fetchConfig(RegistryClient &client, const Descriptor &config, const QString &what)
{
    if (config.size > maximumDocument)
        return failure(ErrorKind::BadInput,
                       ManifestText::tr("The image's configuration is larger than 4 MiB"), what);
    MemoryBody body(config.size);
    const auto reply = client.get("blobs/" + config.digest.toStdString(), "*/*", body, what);
    if (!reply)
        return std::unexpected(reply.error());
    if (digestOf(body.bytes()) != config.digest)
        return altered(what);
    return body.bytes();
}

} // namespace cooperage::embedded
