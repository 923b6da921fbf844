#include "core/embedded/registry/push.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/deadline.h"
#include "core/embedded/server/progressevents.h"
#include "core/embedded/server/registryfields.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <QJsonArray>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

namespace {

/// What POST /images/{uuid}/push asks for.
struct PushOrder
{
    StoredImage image;
    PushRequest push;
    int timeout = 0; ///< Seconds; 0: none.
    QJsonObject metadata{};
};

} // namespace

static Result<Compression> compressionOf(JsonFields &fields)
{
    const QString name = fields.text("compression"_L1, u"gzip"_s);
    if (name != "gzip"_L1 && name != "zstd"_L1)
        fields.fail("compression"_L1, Text::tr("must be gzip or zstd"));
    if (!fields.verdict())
        return std::unexpected(*fields.error());
    return name == "zstd"_L1 ? Compression::Zstd : Compression::Gzip;
}

static Result<PushOrder> read(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    JsonFields fields(*body);
    PushOrder order{.image = *image, .push = {}};
    order.timeout = static_cast<int>(fields.integer("timeout"_L1, 0, 1, instanceMaxTimeout));
    const Result<Compression> compression = compressionOf(fields);
    if (!compression)
        return std::unexpected(compression.error());
    const Result<RegistryFields> registry = readRegistry(fields);
    if (!registry)
        return std::unexpected(registry.error());
    order.push.access = registry->access;
    order.push.compression = *compression;
    order.metadata[u"registry"_s] = registry->shown;
    if (order.timeout > 0)
        order.metadata[u"timeout"_s] = order.timeout;
    return order;
}

static Result<QString> push(ServerContext &context, const PushOrder &order, Operation &operation)
{
    context.operations.setExecuting(operation);
    Deadline deadline(operation.stopToken(), std::chrono::seconds(order.timeout));
    const Result<PushedImage> pushed =
        pushImage(context.store, order.image, order.push, progressTo(operation.log()), deadline.token());
    if (!pushed && deadline.passed())
        return failure(ErrorKind::Failed, Text::tr("the push took longer than %1 seconds").arg(order.timeout),
                       {}, Text::tr("Give it a longer timeout."));
    if (!pushed) {
        operation.setResult(refusalResult(pushed.error()));
        return std::unexpected(pushed.error());
    }
    operation.setResult({{u"digest"_s, QString::fromLatin1(pushed->digest)},
                         {u"notes"_s, QJsonArray::fromStringList(pushed->notes)}});
    return QString();
}

void addPushes(Router &router, ServerContext &context)
{
    router.add("POST", "/v1/images/{uuid}/push", [&context](Exchange &exchange) -> Result<> {
        const Result<PushOrder> order = read(context, exchange);
        if (!order)
            return std::unexpected(order.error());
        const Result<QString> uuid = context.operations.start(
            imagePushKind, order->image.uuid, order->metadata,
            [&context, order = *order](Operation &operation) { return push(context, order, operation); });
        if (!uuid)
            return std::unexpected(uuid.error());
        exchange.response.set_header("Location", "/v1/operations/" + uuid->toStdString());
        sendJson(exchange.response, 201, QJsonObject{{u"uuid"_s, *uuid}});
        return {};
    });
}

} // namespace cooperage::embedded
