#include "core/embedded/server/context.h"
#include "core/embedded/server/imagejson.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/listsnapshots.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/images/reference.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

QJsonObject imageJson(const ImageRow &row)
{
    return {{u"uuid"_s, row.uuid},
            {u"tag"_s, textOrNull(row.tag)},
            {u"created_at"_s, timeValue(row.createdAt)},
            {u"operation_uuid"_s, textOrNull(row.operation)}};
}

QJsonObject imageJson(const StoredImage &image, const QString &tag)
{
    return imageJson(ImageRow{image.uuid, tag, image.createdAt, image.operation});
}

using ImageLists = ListSnapshots<ImageRow>;

static Result<> list(ServerContext &context, ImageLists &lists, Exchange &exchange)
{
    const Result<Page> page = pageOf(exchange);
    if (!page)
        return std::unexpected(page.error());
    ImageFilter filter{.taggedOnly = flagOf(exchange, "tagged"),
                       .tagPrefix = exchange.query("tag").value_or(QString()),
                       .uuidPrefix = exchange.query("uuid").value_or(QString()).toLower(),
                       .since = page->since,
                       .until = page->until};
    const Result<QList<ImageRow>> rows =
        lists.page(listOf(exchange), page->offset, page->limit, [&](int limit) {
            filter.limit = limit;
            return context.store.images(filter);
        });
    if (!rows)
        return std::unexpected(rows.error());
    QJsonArray images;
    for (const ImageRow &row : *rows)
        images.append(imageJson(row));
    sendJson(exchange.response, 200, QJsonObject{{u"images"_s, images}});
    return {};
}

static Result<> setTag(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    JsonFields fields(*body);
    const QString tag = fields.requiredText("tag"_L1);
    if (const Result<> good = fields.verdict().and_then([&] { return images::checkTag(tag); }); !good)
        return good;
    if (const Result<> set = context.store.setTag(image->uuid, tag); !set)
        return set;
    sendJson(exchange.response, 200, imageJson(*image, tag));
    return {};
}

static Result<> removeTag(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    const QString tag = exchange.query("tag").value_or(QString());
    if (const Result<> removed = context.store.removeTag(image->uuid, tag); !removed)
        return removed;
    exchange.response.status = 204;
    return {};
}

void addImages(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/images", [&context, lists = std::make_shared<ImageLists>()](Exchange &exchange) {
        return list(context, *lists, exchange);
    });
    router.add("PATCH", "/v1/images/{uuid}/tag",
               [&context](Exchange &exchange) { return setTag(context, exchange); });
    router.add("DELETE", "/v1/images/{uuid}/tag",
               [&context](Exchange &exchange) { return removeTag(context, exchange); });
}

} // namespace cooperage::embedded
