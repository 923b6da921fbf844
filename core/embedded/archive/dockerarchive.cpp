#include "core/embedded/archive/archivedimage.h"
#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/imagedocuments.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct DockerArchiveText
{
    Q_DECLARE_TR_FUNCTIONS(DockerArchive)
};

/// The digest in a name such as `blobs/sha256/<hex>` or `<hex>.json`; empty if it has none.
QByteArray digestInName(const std::string &member)
{
    const std::string name = splitEntryPath(member).second;
    const QByteArray digest = "sha256:" + QByteArray::fromStdString(name.substr(0, name.find('.')));
    return isSha256Digest(digest) ? digest : QByteArray();
}

std::string memberOf(const QJsonValue &value)
{
    // A name that leads out of the archive is none of its files: it is not found.
    const std::string name = value.toString().toStdString();
    return cleanEntryPath(name).value_or(name);
}

Result<QJsonObject> onlyImage(const ImageMembers &members)
{
    const auto manifest = members.bytes("manifest.json");
    if (!manifest)
        return std::unexpected(manifest.error());
    const QJsonArray images = QJsonDocument::fromJson(*manifest).array();
    if (images.size() == 1)
        return images.first().toObject();
    QStringList names;
    for (const QJsonValue &image : images) {
        for (const QJsonValue &tag : image["RepoTags"_L1].toArray())
            names.append(tag.toString());
    }
    return failure(
        ErrorKind::BadInput,
        DockerArchiveText::tr("The archive holds %1 images: %2").arg(images.size()).arg(names.join(u", "_s)),
        members.name(), DockerArchiveText::tr("Save each image into an archive of its own."));
}

} // namespace

Result<ArchivedImage> readDockerArchive(const ImageMembers &members)
{
    const auto image = onlyImage(members);
    if (!image)
        return std::unexpected(image.error());
    const std::string configMember = memberOf((*image)["Config"_L1]);
    auto config = members.bytes(configMember);
    if (!config)
        return std::unexpected(config.error());
    const QByteArray configDigest = digestInName(configMember);
    if (!configDigest.isEmpty() && configDigest != digestOf(*config))
        return failure(ErrorKind::BadInput,
                       DockerArchiveText::tr("The image's configuration is not what its name says"),
                       members.where(configMember), DockerArchiveText::tr("Save the image again."));
    ArchivedImage result{std::move(*config), {}};
    for (const QJsonValue &value : (*image)["Layers"_L1].toArray()) {
        const std::string member = memberOf(value);
        const auto size = members.size(member);
        if (!size)
            return std::unexpected(size.error());
        // `<hex>.tar` is named after the layer's content, which is compared anyway; a blob after its bytes.
        const bool isBlob = member.starts_with("blobs/sha256/");
        result.layers.push_back({member, isBlob ? digestInName(member) : QByteArray(), *size});
    }
    return result;
}

} // namespace cooperage::embedded
