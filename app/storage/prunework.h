#pragma once

#include "core/engine/engine.h"

#include <QSet>

#include <functional>

namespace cooperage::gui {

/// What a user wants to be freed. Layers that no image has go in any case.
struct PruneChoice
{
    bool images = true; ///< Untagged ones that were made so long ago...
    bool files = false; ///< ...and uploaded files that were not used for as long.
    qint64 olderThanSeconds = 86'400;
    QSet<QString> kept{}; ///< Images that stay although they would go.

    bool operator==(const PruneChoice &) const = default;
};

/// What a choice would free.
struct PrunePlan
{
    QList<engine::StorageImage> images{}; ///< That would go, those kept included.
    qint64 layers = 0;                    ///< Numbers without the images that are kept.
    qint64 files = 0;
    qint64 bytes = 0;
    bool isExact = true; ///< Otherwise `bytes` is the least: some images are kept, and share layers.
};

/// One kind of thing that takes space.
struct SpaceUse
{
    enum class Kind { TaggedImages, UntaggedImages, CachedImages, LooseLayers, Files, Sessions };

    Kind kind;
    qint64 number = 0;
    qint64 bytes = 0;
    qint64 freeable = 0; ///< Bytes that the page can free, without any limit of age.
};

/// What the engine says would go.
struct Rehearsed
{
    engine::CollectOutcome base;   ///< By the choice, without its images.
    engine::CollectOutcome all;    ///< By the choice.
    engine::CollectOutcome unused; ///< All untagged images, however new, and layers without an image.
    engine::CollectOutcome files;  ///< All uploaded files, and layers without an image.
};

struct Freed
{
    qint64 bytes = 0;
    int images = 0;
};

/// Asks the engine what would go; nothing does.
[[nodiscard]] engine::Task<Rehearsed> rehearsePrune(engine::Engine *engine, PruneChoice choice,
                                                    std::stop_token stop);

/// Removes those of `images` that still have no tag, then collects as chosen. A stop ends it between two
/// images; what is gone then is said. `progress`: how many images are gone.
[[nodiscard]] engine::Task<Freed> prune(engine::Engine *engine, PruneChoice choice, QSet<QString> images,
                                        std::function<void(int)> progress, std::stop_token stop);

} // namespace cooperage::gui
