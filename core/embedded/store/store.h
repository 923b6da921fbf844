#pragma once

#include "core/base/error.h"
#include "core/embedded/store/collection.h"
#include "core/embedded/store/leases.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The engine's store: everything under one folder of one user (docs/engine-store.md):
///   store.db        SQLite (WAL): images, tags, layers, files, operations
///   layers/<id>/    committed layer folders in kernel overlayfs form, never changed again
///   active/<id>/    layers being made: upper/, work/, merged/, lock
///   files/aa/bb...  uploaded files by SHA-256
///   tmp/, trash/    emptied at start
/// A layer's folder is renamed into layers/ and synced before its row is written, so that a row always has
/// its folder.
namespace cooperage::embedded {

struct StoredFile
{
    QString uuid;
    QByteArray sha256;
    qint64 size = 0;
    QDateTime createdAt;
    QDateTime updatedAt; ///< When it was last uploaded or used.
    Lease lease{};       ///< Keeps its bytes.
};

struct StoredImage
{
    QString uuid;
    QDateTime createdAt;
    QString operation;           ///< May be empty.
    QByteArray config;           ///< OCI image config, the bytes as given; may be empty.
    std::vector<LayerId> layers; ///< Bottom to top; may be empty (scratch).
    bool isPublic = false;
    qint64 size = 0; ///< Sum of its layers' apparent bytes.
    Lease lease{};   ///< Keeps it from being collected, not from being removed.
};

/// One row of an image list: an image with one of its tags, or untagged.
struct ImageRow
{
    QString uuid;
    QString tag;
    QDateTime createdAt;
    QString operation;
};

struct ImageFilter
{
    int limit = 100;
    int offset = 0;
    bool taggedOnly = false;
    QString tagPrefix{};  ///< The exact match comes first, own images before public ones.
    QString uuidPrefix{}; ///< A whole uuid finds what lists leave out, too.
    std::optional<QDateTime> since{};
    std::optional<QDateTime> until{};
};

struct NewImage
{
    std::vector<LayerId> layers;
    QByteArray config{};
    QString operation{};
    bool isPublic = false;
};

/// An image of another one's lowest layers.
struct LayersImage
{
    StoredImage image;
    bool isNew = false; ///< Made by this call, not found.
};

struct LayerFacts
{
    QByteArray diffId{}; ///< "sha256:..." of the uncompressed tar it came from, where known.
    /// OCI chain ID: over the diffIDs of this layer and all below it. A layer's folder holds attributes
    /// copied from the folders below, so that it is right only above the same layers.
    QByteArray chainId{};
};

/// A committed layer, as lists show it.
struct LayerSummary
{
    LayerId id;
    QByteArray diffId; ///< Empty where unknown.
    qint64 size = 0;   ///< Apparent bytes.
};

class CacheVolumes;
class Database;

/// A layer being made. Its folder is exclusively locked while the object lives and removed unless committed.
class LayerDraft
{
public:
    ~LayerDraft();
    LayerDraft(LayerDraft &&) noexcept;
    LayerDraft &operator=(LayerDraft &&) noexcept;

    [[nodiscard]] const std::string &upper() const;  ///< What will be the layer.
    [[nodiscard]] const std::string &work() const;   ///< overlayfs workdir.
    [[nodiscard]] const std::string &merged() const; ///< Mount point.
    [[nodiscard]] const std::string &folder() const; ///< Its own folder, for bundles and the like.
    [[nodiscard]] const LayerId &id() const;

private:
    friend class Store;
    struct Private;
    explicit LayerDraft(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

/// Thread-safe. One per process and store folder: a second process finds the store locked.
class Store
{
public:
    ~Store();
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    /// Opens or makes the store and repairs what a crash left: leftover mounts, drafts and orphans are
    /// removed.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const QString &folder);

    [[nodiscard]] const std::string &folder() const;
    [[nodiscard]] Database &database();
    [[nodiscard]] CacheVolumes &caches();

    // Layers
    [[nodiscard]] Result<LayerDraft> beginLayer();
    /// syncfs, rename into layers/, row. The draft must not be mounted any more.
    [[nodiscard]] Result<LayerId> commitLayer(LayerDraft draft, const LayerFacts &facts = {});
    [[nodiscard]] std::string layerPath(const LayerId &id) const;
    /// A layer that was unpacked above exactly these layers, if there is one.
    [[nodiscard]] std::optional<LayerId> layerByChain(const QByteArray &chainId);
    /// The image's layers, bottom to top.
    [[nodiscard]] Result<QList<LayerSummary>> layers(const StoredImage &image);
    /// Whether the draft's upper holds anything at all.
    [[nodiscard]] static bool isEmpty(const LayerDraft &draft);

    // Space
    [[nodiscard]] Result<StorageUse> storageUse();
    /// Newest first.
    [[nodiscard]] Result<QList<ImageUse>> imageUses();
    /// Never takes what is leased. What goes leaves the disk a little later (Trash).
    [[nodiscard]] Result<Collected> collect(const CollectRequest &request);

    // Images
    [[nodiscard]] Result<StoredImage> createImage(const NewImage &image);
    /// The image of layers that another image has, with this config: the one that was made so before, if
    /// there is one. As long as it has no tag no list shows it, and it keeps no layers from being collected
    /// that no other image has: it goes with them.
    [[nodiscard]] Result<LayersImage> imageOfLayers(const std::vector<LayerId> &layers,
                                                    const QByteArray &config);
    [[nodiscard]] Result<StoredImage> image(const QString &uuid);
    /// With its tags; not a public one. Its layers stay until they are collected.
    [[nodiscard]] Result<> removeImage(const QString &uuid);
    [[nodiscard]] Result<QList<ImageRow>> images(const ImageFilter &filter);
    /// An own tag before a public one of the same name.
    [[nodiscard]] Result<QString> uuidOfTag(const QString &tag);
    [[nodiscard]] Result<> setTag(const QString &uuid, const QString &tag, bool isPublic = false);
    /// An empty tag drops all own tags of the image.
    [[nodiscard]] Result<> removeTag(const QString &uuid, const QString &tag);
    /// The tag asked for most recently, or empty.
    [[nodiscard]] QString latestTag(const QString &uuid);

    // Files
    /// Pulls bytes until `read` returns 0 (end) or a negative number (abandoned), hashes on the way.
    using Reader = std::function<qint64(char *buffer, qint64 size)>;
    [[nodiscard]] Result<StoredFile> addFile(const Reader &read);
    [[nodiscard]] Result<StoredFile> addLocalFile(const QString &path);
    /// A file that is asked for counts as used: see `updatedAt`.
    [[nodiscard]] Result<StoredFile> fileBySha256(const QByteArray &sha256);
    [[nodiscard]] Result<StoredFile> fileByUuid(const QString &uuid);
    [[nodiscard]] Result<QList<StoredFile>> files(int limit, int offset, std::optional<QDateTime> since,
                                                  std::optional<QDateTime> until);
    [[nodiscard]] std::string filePath(const StoredFile &file) const;

private:
    Store();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::embedded
