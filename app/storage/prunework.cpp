#include "app/storage/prunework.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace cooperage::gui {

using engine::CollectOutcome;
using engine::CollectRequest;
using engine::StorageImage;
using engine::StorageReport;
using engine::Task;

Task<Rehearsed> rehearsePrune(engine::Engine *engine, PruneChoice choice, std::stop_token stop)
{
    const CollectRequest base{
        .dryRun = true, .files = choice.files, .olderThanSeconds = choice.olderThanSeconds};
    CollectRequest all = base;
    all.untaggedImages = choice.images;
    const CollectRequest unused{.dryRun = true, .untaggedImages = true, .olderThanSeconds = 0};
    const CollectRequest files{.dryRun = true, .files = true, .olderThanSeconds = 0};
    Rehearsed rehearsed;
    const std::pair<CollectRequest, CollectOutcome *> questions[] = {{base, &rehearsed.base},
                                                                     {all, &rehearsed.all},
                                                                     {unused, &rehearsed.unused},
                                                                     {files, &rehearsed.files}};
    for (const auto &[request, outcome] : questions) {
        const auto found = co_await engine->collect(request, stop);
        if (!found)
            co_return std::unexpected(found.error());
        if (stop.stop_requested()) // The engine may be gone.
            co_return failure(ErrorKind::Cancelled, {});
        *outcome = *found;
    }
    co_return Rehearsed(rehearsed); // QCoro moves out of what is returned.
}

static qint64 bytesOf(const StorageReport &report)
{
    return report.layerBytes + report.fileBytes;
}

// One image after another, each looked at again before it goes: it may have got a tag since the rehearsal.
static Task<int> removeImages(engine::Engine *engine, StorageReport report, QSet<QString> going,
                              std::function<void(int)> progress, std::stop_token stop)
{
    const QPointer<engine::Engine> alive(engine);
    int gone = 0;
    for (const StorageImage &image : std::as_const(report.images)) {
        if (stop.stop_requested())
            break;
        if (!going.contains(image.uuid) || !image.tags.isEmpty())
            continue;
        const Result<> removed = co_await engine->removeImage(image.uuid);
        if (!alive) // The program ended meanwhile.
            co_return failure(ErrorKind::Cancelled, {});
        if (!removed && removed.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(removed.error());
        progress(++gone);
    }
    co_return int(gone);
}

Task<Freed> prune(engine::Engine *engine, PruneChoice choice, QSet<QString> images,
                  std::function<void(int)> progress, std::stop_token stop)
{
    const QPointer<engine::Engine> alive(engine);
    const auto before = co_await engine->storage(stop);
    if (!before)
        co_return std::unexpected(before.error());
    const auto gone = co_await removeImages(engine, *before, std::move(images), std::move(progress), stop);
    if (!gone)
        co_return std::unexpected(gone.error());
    const CollectRequest request{.files = choice.files, .olderThanSeconds = choice.olderThanSeconds};
    if (!stop.stop_requested()) {
        const auto collected = co_await engine->collect(request, stop);
        if (!alive)
            co_return failure(ErrorKind::Cancelled, {});
        if (!collected && collected.error().kind != ErrorKind::Cancelled)
            co_return std::unexpected(collected.error());
    }
    const auto after = co_await engine->storage();
    const qint64 freed = after ? std::max<qint64>(bytesOf(*before) - bytesOf(*after), 0) : 0;
    co_return Freed{freed, *gone};
}

} // namespace cooperage::gui
