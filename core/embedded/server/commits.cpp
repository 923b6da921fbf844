#include "core/embedded/server/commitrequest.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/imagejson.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <httplib.h>

namespace cooperage::embedded {

static std::vector<LayerId> lowerLayers(const CommitRequest &request)
{
    std::vector<LayerId> layers = request.parent ? request.parent->layers : std::vector<LayerId>();
    if (request.stack)
        layers.insert(layers.end(), request.stack->layers.begin(), request.stack->layers.end());
    return layers;
}

// Stages the entries in a draft over the parent; nothing is left of it after a failure.
static Result<LayerDraft> stage(ServerContext &context, const CommitRequest &request)
{
    Result<LayerDraft> draft = context.store.beginLayer();
    if (!draft)
        return draft;
    const std::vector<LayerId> layers = lowerLayers(request);
    Result<MountedRoot> root = MountedRoot::mount(context.store, layers, *draft);
    if (!root)
        return std::unexpected(root.error());
    const Result<> staged =
        stageEntries(root->path(), request.entries).and_then([&] { return root->unmount(); });
    if (!staged)
        return std::unexpected(staged.error());
    return draft;
}

static Result<> refuseChanged(Exchange &exchange, const QString &path)
{
    return exchange.reject(409, Text::tr("%1 has changed since it was looked at; start again").arg(path));
}

static Result<> commit(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    Result<CommitRequest> request = CommitRequest::read(context.store, context.views, *body, exchange.local);
    if (!request)
        return std::unexpected(request.error());
    NewImage result{.layers = lowerLayers(*request), .config = request->config};
    if (!request->entries.empty()) {
        const Result<std::optional<QString>> changed = findChanged(request->locals);
        if (!changed)
            return std::unexpected(changed.error());
        if (*changed)
            return refuseChanged(exchange, **changed);
        Result<LayerDraft> draft = stage(context, *request);
        if (!draft)
            return std::unexpected(draft.error());
        if (const std::optional<QString> touched = findTouched(request->locals))
            return refuseChanged(exchange, *touched);
        if (!Store::isEmpty(*draft)) {
            const Result<LayerId> layer = context.store.commitLayer(std::move(*draft));
            if (!layer)
                return std::unexpected(layer.error());
            result.layers.push_back(*layer);
        }
    }
    const Result<StoredImage> image = context.store.createImage(result);
    if (!image) {
        result.layers.clear(); // A layer that came to no image must not keep a full disk full.
        (void)context.store.collect({});
        return std::unexpected(image.error());
    }
    sendJson(exchange.response, 201, imageJson(*image, {}));
    return {};
}

void addCommits(Router &router, ServerContext &context)
{
    router.add("POST", "/v1/commits", [&context](Exchange &exchange) { return commit(context, exchange); });
}

} // namespace cooperage::embedded
