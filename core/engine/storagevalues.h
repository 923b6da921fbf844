#pragma once

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

/// What takes space at an engine (docs/engine-protocol.md, extension `storage`). Bytes are as allocated on
/// disk.
namespace cooperage::engine {

struct StorageImage
{
    QString uuid;
    QStringList tags{};
    QDateTime createdAt{};
    qint64 size = 0;
    qint64 shared = 0; ///< Of layers that another image has as well.
    qint64 unique = 0; ///< What removing the image frees.
};

struct StorageReport
{
    qint64 total = 0; ///< Of the engine's disk.
    qint64 free = 0;
    qint64 layers = 0;
    qint64 layerBytes = 0;
    qint64 files = 0;
    qint64 fileBytes = 0;
    qint64 caches = 0; ///< Folders that build steps share.
    qint64 cacheBytes = 0;
    qint64 reclaimable = 0; ///< Layers that no image has.
    QList<StorageImage> images{};
};

/// Layers without an image go in any case.
struct CollectRequest
{
    bool dryRun = false;
    bool untaggedImages = false; ///< Also images without a tag that were made so long ago...
    bool files = false;          ///< ...and uploaded files that were not used for as long...
    bool caches = false;         ///< ...and caches likewise.
    qint64 olderThanSeconds = 86'400;
};

/// What went, or would go.
struct CollectOutcome
{
    QStringList images{};
    qint64 layers = 0;
    qint64 files = 0;
    qint64 caches = 0;
    qint64 freed = 0;
};

} // namespace cooperage::engine
