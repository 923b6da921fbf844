#pragma once

#include "tests/core/embedded/archive/tarbuilder.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>

#include <map>

namespace cooperage::test {

/// An image of given layers, in all the forms in which images travel.
class TestImage
{
public:
    explicit TestImage(const QList<QByteArray> &tars, int filter = ARCHIVE_FILTER_GZIP)
    {
        QJsonArray diffIds;
        QJsonArray layers;
        const QString type = QStringLiteral("application/vnd.oci.image.layer.v1.tar") +
                             (filter == ARCHIVE_FILTER_GZIP ? QStringLiteral("+gzip") : QString());
        for (const QByteArray &tar : tars) {
            const QByteArray blob = filter == ARCHIVE_FILTER_NONE ? tar : compressed(tar, filter);
            diffIds.append(QString::fromLatin1(digest(tar)));
            layers.append(add(blob, type));
            m_layers.append(digest(blob));
        }
        m_config = QJsonDocument(
                       QJsonObject{{QStringLiteral("architecture"), QStringLiteral("amd64")},
                                   {QStringLiteral("os"), QStringLiteral("linux")},
                                   {QStringLiteral("config"),
                                    QJsonObject{{QStringLiteral("Env"), QJsonArray{QStringLiteral("A=b")}}}},
                                   {QStringLiteral("rootfs"),
                                    QJsonObject{{QStringLiteral("type"), QStringLiteral("layers")},
                                                {QStringLiteral("diff_ids"), diffIds}}}})
                       .toJson(QJsonDocument::Compact);
        m_manifest =
            QJsonDocument(
                QJsonObject{{QStringLiteral("schemaVersion"), 2},
                            {QStringLiteral("mediaType"),
                             QStringLiteral("application/vnd.oci.image.manifest.v1+json")},
                            {QStringLiteral("config"),
                             add(m_config, QStringLiteral("application/vnd.oci.image.config.v1+json"))},
                            {QStringLiteral("layers"), layers}})
                .toJson(QJsonDocument::Compact);
    }

    [[nodiscard]] const QByteArray &config() const { return m_config; }
    [[nodiscard]] const QByteArray &manifest() const { return m_manifest; }
    [[nodiscard]] const QList<QByteArray> &layers() const { return m_layers; } ///< Digests of the blobs.
    [[nodiscard]] std::map<QByteArray, QByteArray> &blobs() { return m_blobs; }

    /// index.json with this image, to be joined with others.
    [[nodiscard]] QJsonObject descriptor(const QString &name, const QString &architecture = {}) const
    {
        QJsonObject object{
            {QStringLiteral("mediaType"), QStringLiteral("application/vnd.oci.image.manifest.v1+json")},
            {QStringLiteral("digest"), QString::fromLatin1(digest(m_manifest))},
            {QStringLiteral("size"), m_manifest.size()},
            {QStringLiteral("annotations"),
             QJsonObject{{QStringLiteral("org.opencontainers.image.ref.name"), name}}}};
        if (!architecture.isEmpty())
            object[QStringLiteral("platform")] = QJsonObject{{QStringLiteral("os"), QStringLiteral("linux")},
                                                             {QStringLiteral("architecture"), architecture}};
        return object;
    }
    [[nodiscard]] static QByteArray index(const QJsonArray &descriptors)
    {
        return QJsonDocument(QJsonObject{{QStringLiteral("schemaVersion"), 2},
                                         {QStringLiteral("manifests"), descriptors}})
            .toJson(QJsonDocument::Compact);
    }

    [[nodiscard]] std::vector<TarEntry> blobEntries() const
    {
        std::vector<TarEntry> entries;
        for (const auto &[name, bytes] : m_blobs)
            entries.push_back(file("blobs/sha256/" + name.mid(7).toStdString(), bytes.toStdString()));
        entries.push_back(
            file("blobs/sha256/" + digest(m_manifest).mid(7).toStdString(), m_manifest.toStdString()));
        return entries;
    }
    /// The files of an OCI layout, index.json last.
    [[nodiscard]] std::vector<TarEntry> ociLayout(const QByteArray &index = {}) const
    {
        std::vector<TarEntry> entries = blobEntries();
        entries.push_back(file("oci-layout", R"({"imageLayoutVersion":"1.0.0"})"));
        entries.push_back(file(
            "index.json",
            (index.isEmpty() ? TestImage::index({descriptor(QStringLiteral("x:1"))}) : index).toStdString()));
        return entries;
    }
    /// The files of a docker-archive: layers behind links, manifest.json last.
    [[nodiscard]] std::vector<TarEntry> dockerArchive() const
    {
        const std::string config = digest(m_config).mid(7).toStdString() + ".json";
        std::vector<TarEntry> entries{file(config, m_config.toStdString())};
        QJsonArray layers;
        for (qsizetype i = 0; i < m_layers.size(); ++i) {
            const std::string name = "layer" + std::to_string(i);
            entries.push_back(file(name + ".tar", m_blobs.at(m_layers[i]).toStdString()));
            entries.push_back(softLink(name + "/layer.tar", "../" + name + ".tar"));
            layers.append(QString::fromStdString(name + "/layer.tar"));
        }
        const QJsonObject image{{QStringLiteral("Config"), QString::fromStdString(config)},
                                {QStringLiteral("RepoTags"), QJsonArray{QStringLiteral("x:1")}},
                                {QStringLiteral("Layers"), layers}};
        entries.push_back(file(
            "manifest.json", QJsonDocument(QJsonArray{image}).toJson(QJsonDocument::Compact).toStdString()));
        return entries;
    }
    /// An OCI layout on disk.
    void writeTo(const QString &path) const
    {
        QDir().mkpath(path + QStringLiteral("/blobs/sha256"));
        for (const TarEntry &entry : ociLayout()) {
            QFile out(path + u'/' + QString::fromStdString(entry.name));
            if (out.open(QFile::WriteOnly))
                out.write(QByteArray::fromStdString(entry.content));
        }
    }

private:
    QJsonObject add(const QByteArray &bytes, const QString &type)
    {
        m_blobs[digest(bytes)] = bytes;
        return {{QStringLiteral("mediaType"), type},
                {QStringLiteral("digest"), QString::fromLatin1(digest(bytes))},
                {QStringLiteral("size"), bytes.size()}};
    }

    std::map<QByteArray, QByteArray> m_blobs;
    QList<QByteArray> m_layers;
    QByteArray m_config;
    QByteArray m_manifest;
};

} // namespace cooperage::test
