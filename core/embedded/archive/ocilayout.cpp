#include "core/embedded/archive/archivedimage.h"
#include "core/embedded/archive/imagedocuments.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct OciLayoutText
{
    Q_DECLARE_TR_FUNCTIONS(OciLayout)
};

// As deep as indexes may lie in indexes.
constexpr int maximumDepth = 4;

std::string blobMember(const QByteArray &digest)
{
    return "blobs/sha256/" + digest.mid(7).toStdString();
}

Result<QByteArray> blob(const ImageMembers &members, const Descriptor &descriptor)
{
    const std::string member = blobMember(descriptor.digest);
    auto bytes = members.bytes(member);
    if (bytes && (bytes->size() != descriptor.size || digestOf(*bytes) != descriptor.digest))
        return failure(ErrorKind::BadInput,
                       OciLayoutText::tr("A file of the image is damaged: its digest is another"),
                       members.where(member), OciLayoutText::tr("Save the image again."));
    return bytes;
}

/// The index without what is no image. Several images for one platform under different names cannot be told
/// apart.
Result<Descriptor> choose(const ImageIndex &index, const ImageMembers &members)
{
    auto chosen = choosePlatform(index, machinePlatforms(), members.name());
    QStringList names;
    for (const Descriptor &descriptor : index.manifests) {
        const bool isRival = !descriptor.isAttestation &&
                             (chosen ? descriptor.platform == chosen->platform : !descriptor.platform);
        if (isRival && (!chosen || descriptor.digest != chosen->digest))
            names.append(descriptor.name.isEmpty() ? QString::fromLatin1(descriptor.digest)
                                                   : descriptor.name);
    }
    if (names.isEmpty() || (!chosen && names.size() < 2))
        return chosen;
    if (chosen)
        names.prepend(chosen->name.isEmpty() ? QString::fromLatin1(chosen->digest) : chosen->name);
    return failure(ErrorKind::BadInput,
                   OciLayoutText::tr("The archive holds several images: %1").arg(names.join(u", "_s)),
                   members.name(), OciLayoutText::tr("Save each image into an archive of its own."));
}

Result<ImageManifest> findManifest(const ImageMembers &members)
{
    auto bytes = members.bytes("index.json");
    QString type = u"application/vnd.oci.image.index.v1+json"_s;
    QString where = members.where("index.json");
    for (int depth = 0; depth <= maximumDepth; ++depth) {
        if (!bytes)
            return std::unexpected(bytes.error());
        auto document = parseImageDocument(*bytes, type, where);
        if (!document)
            return std::unexpected(document.error());
        if (auto *manifest = std::get_if<ImageManifest>(&*document))
            return std::move(*manifest);
        const auto chosen = choose(std::get<ImageIndex>(*document), members);
        if (!chosen)
            return std::unexpected(chosen.error());
        bytes = blob(members, *chosen);
        type = chosen->mediaType;
        where = members.where(blobMember(chosen->digest));
    }
    return failure(ErrorKind::BadInput, OciLayoutText::tr("The archive's indexes are nested too deeply"),
                   members.name());
}

} // namespace

Result<ArchivedImage> readOciLayout(const ImageMembers &members)
{
    const auto manifest = findManifest(members);
    if (!manifest)
        return std::unexpected(manifest.error());
    auto config = blob(members, manifest->config);
    if (!config)
        return std::unexpected(config.error());
    ArchivedImage result{std::move(*config), {}};
    for (const Descriptor &layer : manifest->layers)
        result.layers.push_back({blobMember(layer.digest), layer.digest, layer.size});
    return result;
}

} // namespace cooperage::embedded
