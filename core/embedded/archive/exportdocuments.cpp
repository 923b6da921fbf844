#include "core/embedded/archive/exportdocuments.h"

#include "core/embedded/archive/confighistory.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/images/reference.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

const QString manifestType = u"application/vnd.oci.image.manifest.v1+json"_s;

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate);
}

/// A time of the base config, unless it is later than the epoch.
QString clamped(const QString &text, const ConfigSource &source)
{
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!source.epoch || (time.isValid() && time.toSecsSinceEpoch() <= *source.epoch))
        return text;
    return timeText(QDateTime::fromSecsSinceEpoch(*source.epoch, QTimeZone::UTC));
}

/// A config that tells of fewer layers is that of the image below.
QString createdText(const ConfigSource &source, const QJsonObject &base)
{
    const qsizetype described = base["rootfs"_L1]["diff_ids"_L1].toArray().size();
    const bool isOwn = described == 0 || described == source.diffIds.size();
    return isOwn ? base["created"_L1].toString(timeText(source.createdAt)) : timeText(source.createdAt);
}

QJsonArray exportedHistory(const ConfigSource &source, const QJsonObject &base, const QString &created)
{
    QJsonArray history = base["history"_L1].toArray();
    const qsizetype entries = entriesWithLayer(history);
    const qsizetype missing = std::max<qsizetype>(source.diffIds.size() - entries, 0);
    const qsizetype below = missingBelow(history, base, missing);
    const QJsonObject unnamed{{u"created_by"_s, u"cooperage"_s}};
    for (qsizetype i = 0; i < below; ++i)
        history.prepend(unnamed);
    for (qsizetype i = below; i < missing; ++i)
        history.append(unnamed);
    qsizetype surplus = std::max<qsizetype>(entries - source.diffIds.size(), 0);
    for (qsizetype i = history.size() - 1; i >= 0; --i) {
        QJsonObject entry = history[i].toObject();
        entry[u"created"_s] = clamped(entry["created"_L1].toString(created), source);
        if (surplus > 0 && hasLayer(entry)) {
            entry[u"empty_layer"_s] = true;
            --surplus;
        }
        history[i] = entry;
    }
    return history;
}

QJsonObject descriptorOf(const QString &mediaType, const QByteArray &digest, qint64 size)
{
    return {{u"mediaType"_s, mediaType}, {u"digest"_s, QString::fromLatin1(digest)}, {u"size"_s, size}};
}

QString layerType(Compression compression)
{
    const QString plain = u"application/vnd.oci.image.layer.v1.tar"_s;
    switch (compression) {
    case Compression::Gzip:
        return plain + u"+gzip"_s;
    case Compression::Zstd:
        return plain + u"+zstd"_s;
    default:
        return plain;
    }
}

/// "docker.io/library/x:1" for "x:1"; the tag behind the last colon.
images::Reference referenceOf(const QString &name)
{
    return images::Reference::parse(name).value_or(images::Reference{});
}

} // namespace

QByteArray exportedConfig(const ConfigSource &source)
{
    QJsonObject config = QJsonDocument::fromJson(source.base).object();
    const QJsonObject base = config;
    const QString created = clamped(createdText(source, base), source);
    const auto provide = [&](const QString &key, const QString &value) {
        if (config[key].toString().isEmpty())
            config[key] = value;
    };
    provide(u"architecture"_s, machinePlatforms().constFirst().architecture);
    provide(u"os"_s, u"linux"_s);
    QJsonArray diffIds;
    for (const QByteArray &diffId : source.diffIds)
        diffIds.append(QString::fromLatin1(diffId));
    config[u"created"_s] = created;
    config[u"rootfs"_s] = QJsonObject{{u"type"_s, u"layers"_s}, {u"diff_ids"_s, diffIds}};
    config[u"history"_s] = exportedHistory(source, base, created);
    return compact(config);
}

QByteArray exportedManifest(const QByteArray &config, const QList<LayerDescriptor> &layers)
{
    QJsonArray array;
    for (const LayerDescriptor &layer : layers)
        array.append(descriptorOf(layerType(layer.compression), layer.digest, layer.size));
    return compact({{u"schemaVersion"_s, 2},
                    {u"mediaType"_s, manifestType},
                    {u"config"_s, descriptorOf(u"application/vnd.oci.image.config.v1+json"_s,
                                               digestOf(config), config.size())},
                    {u"layers"_s, array}});
}

QByteArray exportedIndex(const QByteArray &manifest, const QStringList &names)
{
    const QJsonObject plain = descriptorOf(manifestType, digestOf(manifest), manifest.size());
    QJsonArray manifests;
    for (const QString &name : names) {
        const images::Reference reference = referenceOf(name);
        QJsonObject named = plain;
        named[u"annotations"_s] = QJsonObject{{u"org.opencontainers.image.ref.name"_s, reference.tag},
                                              {u"io.containerd.image.name"_s, reference.toString()}};
        manifests.append(named);
    }
    if (names.isEmpty())
        manifests.append(plain);
    return compact({{u"schemaVersion"_s, 2},
                    {u"mediaType"_s, u"application/vnd.oci.image.index.v1+json"_s},
                    {u"manifests"_s, manifests}});
}

QByteArray exportedDockerManifest(const QByteArray &config, const QList<LayerDescriptor> &layers,
                                  const QStringList &names)
{
    QJsonArray members;
    for (const LayerDescriptor &layer : layers)
        members.append(QString::fromStdString(blobPath(layer.digest)));
    const QJsonValue tags = names.isEmpty() ? QJsonValue() : QJsonValue(QJsonArray::fromStringList(names));
    const QJsonObject image{{u"Config"_s, QString::fromStdString(blobPath(digestOf(config)))},
                            {u"RepoTags"_s, tags},
                            {u"Layers"_s, members}};
    return QJsonDocument(QJsonArray{image}).toJson(QJsonDocument::Compact);
}

std::string blobPath(const QByteArray &digest)
{
    return "blobs/sha256/" + digest.mid(7).toStdString();
}

Result<QString> exportedName(const QString &name)
{
    const auto reference = images::Reference::parse(name);
    if (!reference)
        return std::unexpected(reference.error());
    if (!reference->digest.isEmpty())
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("ExportDocuments",
                                                   "A name with a digest cannot be given to an image"),
                       name, QCoreApplication::translate("ExportDocuments", "Give a name and a tag."));
    QString shown = reference->toString();
    for (const QLatin1StringView prefix : {"docker.io/"_L1, "library/"_L1}) {
        if (reference->host == "docker.io"_L1 && shown.startsWith(prefix))
            shown.remove(0, prefix.size());
    }
    return shown;
}

} // namespace cooperage::embedded
