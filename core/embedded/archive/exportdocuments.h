#pragma once

#include "core/base/error.h"
#include "core/embedded/archive/compressedsink.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QStringList>

#include <optional>

/// The documents that describe an image that leaves the store. Their keys are sorted, so that the same image
/// gives the same bytes.
namespace cooperage::embedded {

/// What an exported image's config is made from.
struct ConfigSource
{
    QByteArray base;           ///< The config kept with the image, or empty; keys unknown to us stay in it.
    QList<QByteArray> diffIds; ///< Of the layers as they are written, bottom to top.
    QDateTime createdAt;       ///< Where the base does not say.
    std::optional<qint64> epoch{}; ///< Later times become it; seconds since 1970.
};

/// The config with these layers. Its history gets as many entries with a layer as there are layers, because
/// tools refuse others: missing ones are added, of surplus ones the latest are marked as empty.
[[nodiscard]] QByteArray exportedConfig(const ConfigSource &source);

/// A layer as a manifest names it.
struct LayerDescriptor
{
    QByteArray digest; ///< "sha256:..." of the bytes as they are stored.
    qint64 size = 0;
    Compression compression = Compression::None;
};

/// An OCI manifest.
[[nodiscard]] QByteArray exportedManifest(const QByteArray &config, const QList<LayerDescriptor> &layers);

/// index.json: the manifest under each name, given as "repository:tag", or once without a name.
[[nodiscard]] QByteArray exportedIndex(const QByteArray &manifest, const QStringList &names);

/// Docker's manifest.json, with the files of the OCI layout beside it.
[[nodiscard]] QByteArray exportedDockerManifest(const QByteArray &config,
                                                const QList<LayerDescriptor> &layers,
                                                const QStringList &names);

/// "blobs/sha256/<hex>"
[[nodiscard]] std::string blobPath(const QByteArray &digest);

/// A name as Docker shows it ("app:1", "localhost:5000/app:1"), checked; a tag is added where there is none.
[[nodiscard]] Result<QString> exportedName(const QString &name);

} // namespace cooperage::embedded
