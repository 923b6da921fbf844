#include "core/embedded/server/context.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <httplib.h>

// GET /storage, POST /storage/collect, DELETE /images/{uuid} (docs/engine-protocol.md).
namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static QJsonArray imagesJson(const QList<ImageUse> &images)
{
    QJsonArray array;
    for (const ImageUse &image : images)
        array.append(QJsonObject{{u"uuid"_s, image.uuid},
                                 {u"tags"_s, QJsonArray::fromStringList(image.tags)},
                                 {u"created_at"_s, timeValue(image.createdAt)},
                                 {u"size"_s, image.size},
                                 {u"shared"_s, image.shared()},
                                 {u"unique"_s, image.unique}});
    return array;
}

static Result<> show(ServerContext &context, Exchange &exchange)
{
    const Result<StorageUse> use = context.store.storageUse();
    if (!use)
        return std::unexpected(use.error());
    QJsonObject reply{{u"total"_s, use->total},
                      {u"free"_s, use->free},
                      {u"layers"_s, QJsonObject{{u"count"_s, use->layers}, {u"size"_s, use->layerBytes}}},
                      {u"files"_s, QJsonObject{{u"count"_s, use->files}, {u"size"_s, use->fileBytes}}},
                      {u"caches"_s, QJsonObject{{u"count"_s, use->caches}, {u"size"_s, use->cacheBytes}}},
                      {u"reclaimable"_s, use->reclaimable}};
    if (!exchange.query("images") || flagOf(exchange, "images")) {
        const Result<QList<ImageUse>> images = context.store.imageUses();
        if (!images)
            return std::unexpected(images.error());
        reply[u"images"_s] = imagesJson(*images);
    }
    sendJson(exchange.response, 200, reply);
    return {};
}

static Result<CollectRequest> readCollect(const QJsonObject &body)
{
    JsonFields fields(body);
    CollectRequest request;
    request.dryRun = fields.flag("dry_run"_L1, false);
    request.files = fields.flag("files"_L1, false);
    request.caches = fields.flag("caches"_L1, false);
    const qint64 century = qint64(100) * 366 * 86'400;
    request.olderThan =
        std::chrono::seconds(fields.integer("older_than"_L1, request.olderThan.count(), 0, century));
    const QString images = fields.text("images"_L1, u"none"_s);
    if (images != "none"_L1 && images != "untagged"_L1)
        fields.fail("images"_L1, Text::tr("must be none or untagged"));
    request.untaggedImages = images == "untagged"_L1;
    if (!fields.verdict())
        return std::unexpected(*fields.error());
    return request;
}

static Result<> collect(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    const Result<CollectRequest> request = readCollect(*body);
    if (!request)
        return std::unexpected(request.error());
    context.views.clear(); // Those that no request uses keep their images in use.
    const Result<Collected> collected = context.store.collect(*request);
    if (!collected)
        return std::unexpected(collected.error());
    if (!request->dryRun)
        context.operations.forgetOld();
    sendJson(exchange.response, 200,
             QJsonObject{{u"images"_s, QJsonArray::fromStringList(collected->images)},
                         {u"layers"_s, collected->layers},
                         {u"files"_s, collected->files},
                         {u"caches"_s, collected->caches},
                         {u"freed"_s, collected->freed}});
    return {};
}

static Result<> removeImage(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    if (image->isPublic)
        return exchange.reject(409, Text::tr("the image is public: it belongs to the engine"));
    if (const Result<> removed = context.store.removeImage(image->uuid); !removed)
        return removed;
    exchange.response.status = 204;
    return {};
}

void addStorage(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/storage", [&context](Exchange &exchange) { return show(context, exchange); });
    router.add("POST", "/v1/storage/collect",
               [&context](Exchange &exchange) { return collect(context, exchange); });
    router.add("DELETE", "/v1/images/{uuid}",
               [&context](Exchange &exchange) { return removeImage(context, exchange); });
}

} // namespace cooperage::embedded
