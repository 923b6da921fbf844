#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <chrono>

/// What takes space in a store, and what a collection does about it. Bytes are as allocated on disk.
namespace cooperage::embedded {

struct StorageUse
{
    qint64 total = 0; ///< Of the whole disk.
    qint64 free = 0;
    qint64 layers = 0;
    qint64 layerBytes = 0;
    qint64 files = 0;
    qint64 fileBytes = 0;
    qint64 caches = 0; ///< Folders that commands share (CacheVolumes).
    qint64 cacheBytes = 0;
    qint64 reclaimable = 0; ///< Layers that no image has and nobody uses.
};

struct ImageUse
{
    QString uuid;
    QStringList tags{};
    QDateTime createdAt;
    qint64 size = 0;   ///< All its layers.
    qint64 unique = 0; ///< Layers that no other image has: what goes with it.

    [[nodiscard]] qint64 shared() const { return size - unique; }
};

/// Layers without an image go in any case.
struct CollectRequest
{
    bool dryRun = false;
    bool untaggedImages = false; ///< Also images without a tag that were made long enough ago...
    bool files = false;          ///< ...and uploaded files that were not used for as long...
    bool caches = false;         ///< ...and caches likewise.
    std::chrono::seconds olderThan{86'400};
};

struct Collected
{
    QStringList images{};
    qint64 layers = 0;
    qint64 files = 0;
    qint64 caches = 0;
    qint64 freed = 0;
};

} // namespace cooperage::embedded
