#include "core/embedded/server/context.h"
#include "core/embedded/server/reply.h"

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static Result<> config(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    // The bytes as they came: their digest may matter to somebody.
    sendJsonText(exchange.response, 200, image->config.isEmpty() ? QByteArrayLiteral("{}") : image->config);
    return {};
}

static Result<> layers(ServerContext &context, Exchange &exchange)
{
    const Result<QList<LayerSummary>> layers =
        context.store.image(exchange.parameter("uuid")).and_then([&](const StoredImage &image) {
            return context.store.layers(image);
        });
    if (!layers)
        return std::unexpected(layers.error());
    QJsonArray array;
    for (const LayerSummary &layer : *layers)
        array.append(QJsonObject{{u"id"_s, QString::fromStdString(layer.id)},
                                 {u"diff_id"_s, textOrNull(QString::fromLatin1(layer.diffId))},
                                 {u"size"_s, layer.size}});
    sendJson(exchange.response, 200, QJsonObject{{u"layers"_s, array}});
    return {};
}

void addImageConfig(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/images/{uuid}/config",
               [&context](Exchange &exchange) { return config(context, exchange); });
    router.add("GET", "/v1/images/{uuid}/layers",
               [&context](Exchange &exchange) { return layers(context, exchange); });
}

} // namespace cooperage::embedded
