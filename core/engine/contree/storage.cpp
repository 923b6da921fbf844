#include "core/engine/contree/storage.h"

#include "core/engine/background.h"
#include "core/engine/contree/json.h"

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static QStringList texts(const QJsonValue &array)
{
    QStringList result;
    for (const QJsonValue &text : array.toArray())
        result.append(text.toString());
    return result;
}

static StorageImage toStorageImage(const QJsonValue &image)
{
    return {.uuid = image["uuid"_L1].toString(),
            .tags = texts(image["tags"_L1]),
            .createdAt = QDateTime::fromString(image["created_at"_L1].toString(), Qt::ISODateWithMs),
            .size = image["size"_L1].toInteger(),
            .shared = image["shared"_L1].toInteger(),
            .unique = image["unique"_L1].toInteger()};
}

static Result<StorageReport> toReport(const Endpoint &endpoint, const Response &response)
{
    const auto object = objectOf(endpoint, response);
    if (!object)
        return std::unexpected(object.error());
    const QJsonValue layers = object->value("layers"_L1);
    const QJsonValue files = object->value("files"_L1);
    const QJsonValue caches = object->value("caches"_L1);
    StorageReport report{.total = object->value("total"_L1).toInteger(),
                         .free = object->value("free"_L1).toInteger(),
                         .layers = layers["count"_L1].toInteger(),
                         .layerBytes = layers["size"_L1].toInteger(),
                         .files = files["count"_L1].toInteger(),
                         .fileBytes = files["size"_L1].toInteger(),
                         .caches = caches["count"_L1].toInteger(),
                         .cacheBytes = caches["size"_L1].toInteger(),
                         .reclaimable = object->value("reclaimable"_L1).toInteger()};
    const QJsonArray images = object->value("images"_L1).toArray();
    report.images.reserve(images.size());
    for (const QJsonValue &image : images)
        report.images.append(toStorageImage(image));
    return report;
}

static Result<CollectOutcome> toOutcome(const Endpoint &endpoint, const Response &response)
{
    const auto object = objectOf(endpoint, response);
    if (!object)
        return std::unexpected(object.error());
    return CollectOutcome{.images = texts(object->value("images"_L1)),
                          .layers = object->value("layers"_L1).toInteger(),
                          .files = object->value("files"_L1).toInteger(),
                          .caches = object->value("caches"_L1).toInteger(),
                          .freed = object->value("freed"_L1).toInteger()};
}

// Both answers name every image there is: they are read on another thread.
Task<StorageReport> readStorage(TransportPtr transport, std::stop_token stop)
{
    const auto response = co_await send(transport, {.path = "/v1/storage"}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    co_return co_await inBackground(
        [endpoint = transport->endpoint(), answer = *response] { return toReport(endpoint, answer); });
}

Task<CollectOutcome> collectStorage(TransportPtr transport, CollectRequest request, std::stop_token stop)
{
    const QJsonObject body{{u"dry_run"_s, request.dryRun},
                           {u"images"_s, request.untaggedImages ? u"untagged"_s : u"none"_s},
                           {u"files"_s, request.files},
                           {u"caches"_s, request.caches},
                           {u"older_than"_s, request.olderThanSeconds}};
    const auto response =
        co_await send(transport, {.method = "POST", .path = "/v1/storage/collect", .json = body}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    co_return co_await inBackground(
        [endpoint = transport->endpoint(), answer = *response] { return toOutcome(endpoint, answer); });
}

} // namespace cooperage::engine::contree
