#include "core/build/stagebuilder.h"
#include "core/sessions/sessionstore.h"

// COPY --link: layers that are made by themselves.
namespace cooperage::build {

using engine::Task;

Task<QString> StageBuilder::independentLayer(PlannedStep step, PreparedStep prepared)
{
    if (const std::optional<QString> known = lookup(*prepared.layerKey)) {
        const Result<bool> exists = co_await stillExists(*prepared.layerKey, *known);
        if (!exists)
            co_return std::unexpected(exists.error());
        if (*exists)
            co_return QString(*known);
    }
    const Result<Placement> placement =
        co_await placeCopy(m_job->tree.get(), *prepared.copy, {}, {}, placeOptions(step));
    if (!placement)
        co_return std::unexpected(placement.error());
    if (placement->entries.isEmpty())
        co_return QString();
    engine::CommitRequest request;
    request.entries = placement->entries;
    const Result<engine::ImageRecord> record =
        co_await m_job->engine->commit(request, m_job->stop.get_token());
    if (!record)
        co_return std::unexpected(record.error());
    const sessions::CachedLayer layer{*prepared.layerKey, record->uuid, step.info.title, m_timer.elapsed()};
    if (const Result<> done = m_job->sessions->rememberLayer(m_job->session, layer); !done)
        m_job->warn(step.info.index, done.error().text());
    co_return record->uuid;
}

Task<QString> StageBuilder::stackLayer(PlannedStep step, PreparedStep prepared)
{
    const Result<QString> layer = co_await independentLayer(step, prepared);
    if (!layer)
        co_return std::unexpected(layer.error());
    if (layer->isEmpty() || m_image.isEmpty())
        co_return layer->isEmpty() ? QString(m_image) : QString(*layer);
    engine::CommitRequest request;
    request.image = m_image;
    request.stack = *layer;
    const Result<engine::ImageRecord> record =
        co_await m_job->engine->commit(request, m_job->stop.get_token());
    if (!record)
        co_return std::unexpected(record.error());
    m_operation = record->operation;
    co_return record->uuid;
}

} // namespace cooperage::build
