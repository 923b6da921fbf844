#include "core/embedded/archive/imagedocuments.h"

#include "core/base/sha256.h"
#include "core/embedded/archive/jsonkeys.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct DocumentText
{
    Q_DECLARE_TR_FUNCTIONS(ImageDocuments)
};

std::unexpected<Error> damaged(const QString &what, const QString &where)
{
    return failure(ErrorKind::BadInput, what, where,
                   DocumentText::tr("Ask whoever publishes the image to make it again."));
}

Result<QJsonObject> parseObject(const QByteArray &bytes, const QString &where)
{
    if (bytes.size() > maximumDocument)
        return damaged(DocumentText::tr("The description of the image is larger than 4 MiB"), where);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (!document.isObject())
        return damaged(DocumentText::tr("The description of the image is not valid JSON"), where);
    if (const auto key = ambiguousKey(bytes))
        return damaged(
            DocumentText::tr("The description of the image is ambiguous: it has \"%1\" twice").arg(*key),
            where);
    return document.object();
}

Result<Descriptor> parseDescriptor(const QJsonValue &value, const QString &where)
{
    const QJsonObject object = value.toObject();
    const QJsonObject annotations = object["annotations"_L1].toObject();
    const QJsonObject platform = object["platform"_L1].toObject();
    Descriptor descriptor{object["mediaType"_L1].toString(), object["digest"_L1].toString().toLatin1(),
                          object["size"_L1].toInteger(-1)};
    if (!isSha256Digest(descriptor.digest))
        return damaged(DocumentText::tr("The image refers to something by a digest that is not SHA-256"),
                       where);
    if (descriptor.size < 0)
        return damaged(DocumentText::tr("The image refers to something without its size"), where);
    if (!platform.isEmpty())
        descriptor.platform =
            normalised({platform["os"_L1].toString(), platform["architecture"_L1].toString(),
                        platform["variant"_L1].toString()});
    descriptor.name = annotations["org.opencontainers.image.ref.name"_L1].toString();
    descriptor.foreignUrl = object["urls"_L1][0].toString();
    descriptor.isAttestation =
        annotations["vnd.docker.reference.type"_L1].toString() == "attestation-manifest"_L1 ||
        (descriptor.platform && descriptor.platform->os == "unknown"_L1);
    return descriptor;
}

Result<QList<Descriptor>> parseDescriptors(const QJsonArray &array, const QString &where)
{
    QList<Descriptor> descriptors;
    for (const QJsonValue &value : array) {
        auto descriptor = parseDescriptor(value, where);
        if (!descriptor)
            return std::unexpected(descriptor.error());
        descriptors.append(*descriptor);
    }
    return descriptors;
}

bool isLayerType(const QString &type)
{
    static const QSet<QString> types = {u"application/vnd.oci.image.layer.v1.tar"_s,
                                        u"application/vnd.oci.image.layer.v1.tar+gzip"_s,
                                        u"application/vnd.oci.image.layer.v1.tar+zstd"_s,
                                        u"application/vnd.oci.image.layer.nondistributable.v1.tar"_s,
                                        u"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"_s,
                                        u"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"_s,
                                        u"application/vnd.docker.image.rootfs.diff.tar"_s,
                                        u"application/vnd.docker.image.rootfs.diff.tar.gzip"_s,
                                        u"application/vnd.docker.image.rootfs.diff.tar.zstd"_s,
                                        u"application/vnd.docker.image.rootfs.foreign.diff.tar"_s,
                                        u"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"_s};
    return types.contains(type);
}

Result<ImageDocument> parseManifest(const QJsonObject &object, const QString &where)
{
    const auto config = parseDescriptor(object["config"_L1], where);
    if (!config)
        return std::unexpected(config.error());
    if (config->mediaType != "application/vnd.oci.image.config.v1+json"_L1 &&
        config->mediaType != "application/vnd.docker.container.image.v1+json"_L1)
        return failure(ErrorKind::Unsupported,
                       DocumentText::tr("This is not a container image but an artifact of type %1")
                           .arg(config->mediaType),
                       where);
    auto layers = parseDescriptors(object["layers"_L1].toArray(), where);
    if (!layers)
        return std::unexpected(layers.error());
    if (layers->size() > maximumLayers)
        return failure(ErrorKind::Unsupported,
                       DocumentText::tr("The image has %1 layers; %2 can be used")
                           .arg(layers->size())
                           .arg(maximumLayers),
                       where, DocumentText::tr("Flatten the image into fewer layers."));
    for (const Descriptor &layer : *layers) {
        if (!isLayerType(layer.mediaType))
            return failure(
                ErrorKind::Unsupported,
                DocumentText::tr("A layer is of a type that cannot be unpacked: %1").arg(layer.mediaType),
                where);
    }
    return ImageManifest{*config, std::move(*layers)};
}

/// Whether a key is one of the deciding ones in another case, as some JSON readers would accept it.
bool isDisguised(const QString &key)
{
    for (const auto known : {"schemaVersion"_L1, "mediaType"_L1, "config"_L1, "layers"_L1, "manifests"_L1}) {
        if (key != known && key.compare(known, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace

bool isSha256Digest(QByteArrayView text)
{
    return text.startsWith("sha256:") && text.size() == 71 &&
           std::all_of(text.begin() + 7, text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

QByteArray digestOf(QByteArrayView bytes)
{
    return "sha256:" + Sha256::hex(bytes);
}

Result<ImageDocument> parseImageDocument(const QByteArray &bytes, const QString &mediaType,
                                         const QString &where)
{
    const auto object = parseObject(bytes, where);
    if (!object)
        return std::unexpected(object.error());
    const QString inside = (*object)["mediaType"_L1].toString();
    const QString outside = mediaType.section(u';', 0, 0).trimmed();
    if ((*object)["schemaVersion"_L1].toInt() == 1 || outside.contains("distribution.manifest.v1"_L1))
        return failure(ErrorKind::Unsupported,
                       DocumentText::tr("The image is in Docker's format of before 2016 (schema 1)"), where,
                       DocumentText::tr("Pull it with a current Docker and push it again."));
    const bool isTyped = outside.startsWith("application/vnd."_L1);
    const bool hasIndex = object->contains("manifests"_L1);
    const bool hasManifest = object->contains("layers"_L1) || object->contains("config"_L1);
    const bool isDisguise = std::ranges::any_of(object->keys(), isDisguised);
    if (hasIndex == hasManifest || isDisguise || (isTyped && !inside.isEmpty() && inside != outside))
        return damaged(
            hasIndex || hasManifest
                ? DocumentText::tr("The description of the image is ambiguous: it could be read in two ways")
                : DocumentText::tr("This is neither an image's manifest nor an index of images"),
            where);
    const QString type = inside.isEmpty() && isTyped ? outside : inside;
    const bool isIndexType = type.contains("index"_L1) || type.contains("manifest.list"_L1);
    if (!type.isEmpty() && isIndexType != hasIndex)
        return damaged(DocumentText::tr("The description of the image is not of the type it says it is"),
                       where);
    if (!hasIndex)
        return parseManifest(*object, where);
    return parseDescriptors((*object)["manifests"_L1].toArray(), where).transform([](QList<Descriptor> list) {
        return ImageDocument(ImageIndex{std::move(list)});
    });
}

Result<Descriptor> choosePlatform(const ImageIndex &index, const QList<Platform> &wanted,
                                  const QString &where)
{
    QList<Descriptor> images;
    QStringList names;
    for (const Descriptor &descriptor : index.manifests) {
        if (descriptor.isAttestation)
            continue;
        images.append(descriptor);
        names.append(descriptor.platform ? descriptor.platform->toString()
                                         : DocumentText::tr("an unnamed platform"));
    }
    for (const Platform &platform : wanted) {
        const auto found = std::ranges::find(images, std::optional(platform), &Descriptor::platform);
        if (found != images.end())
            return *found;
    }
    if (images.size() == 1 && !images.first().platform)
        return images.first();
    names.removeDuplicates();
    return failure(ErrorKind::Unsupported,
                   DocumentText::tr("There is no image for %1; there are: %2")
                       .arg(wanted.isEmpty() ? QString() : wanted.first().toString(), names.join(u", "_s)),
                   where, DocumentText::tr("Choose an image or tag made for it, or one of these platforms."));
}

Result<QList<QByteArray>> diffIdsOf(const QByteArray &config, qsizetype layerCount, const QString &where)
{
    const auto object = parseObject(config, where);
    if (!object)
        return std::unexpected(object.error());
    QList<QByteArray> ids;
    for (const QJsonValue &value : (*object)["rootfs"_L1]["diff_ids"_L1].toArray()) {
        ids.append(value.toString().toLatin1());
        if (!isSha256Digest(ids.last()))
            return damaged(DocumentText::tr("The image's configuration holds an invalid layer digest"),
                           where);
    }
    if (ids.size() != layerCount)
        return damaged(DocumentText::tr("The image's configuration names %1 layers, but there are %2")
                           .arg(ids.size())
                           .arg(layerCount),
                       where);
    return ids;
}

} // namespace cooperage::embedded
