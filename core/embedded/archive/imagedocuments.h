#pragma once

#include "core/base/error.h"
#include "core/embedded/archive/platform.h"

#include <QByteArray>

#include <optional>
#include <variant>

/// Manifests, indexes and configs of OCI and of Docker (schema 2), parsed from the raw bytes their digests
/// are of.
namespace cooperage::embedded {

/// Manifests, indexes and configs are never larger.
inline constexpr qint64 maximumDocument = 4 * 1024 * 1024;
/// The store can mount 440; some are left for what is built on top.
inline constexpr qsizetype maximumLayers = 400;

struct Descriptor
{
    QString mediaType;
    QByteArray digest; ///< "sha256:" and 64 hex digits, checked.
    qint64 size = 0;
    std::optional<Platform> platform{}; ///< Normalised.
    QString name{};                     ///< org.opencontainers.image.ref.name
    bool isAttestation = false;         ///< Describes another manifest; not an image.
    QString foreignUrl{};               ///< Where else it is to be had, by its publisher; empty: nowhere.
};

struct ImageIndex
{
    QList<Descriptor> manifests;
};

struct ImageManifest
{
    Descriptor config;
    QList<Descriptor> layers; ///< Bottom to top.
};

using ImageDocument = std::variant<ImageIndex, ImageManifest>;

[[nodiscard]] bool isSha256Digest(QByteArrayView text);
/// "sha256:..." of some bytes.
[[nodiscard]] QByteArray digestOf(QByteArrayView bytes);

/// `mediaType` is what came along with the bytes (parameters allowed), or empty. Refuses ambiguous documents,
/// Docker's schema 1 and artifacts that are no container images.
[[nodiscard]] Result<ImageDocument> parseImageDocument(const QByteArray &bytes, const QString &mediaType,
                                                       const QString &where);

/// The entry for the first of the wanted platforms that there is, or an error that lists what there is.
[[nodiscard]] Result<Descriptor> choosePlatform(const ImageIndex &index, const QList<Platform> &wanted,
                                                const QString &where);

/// rootfs.diff_ids of an image config: one for each of `layerCount` layers, or an error.
[[nodiscard]] Result<QList<QByteArray>> diffIdsOf(const QByteArray &config, qsizetype layerCount,
                                                  const QString &where);

} // namespace cooperage::embedded
