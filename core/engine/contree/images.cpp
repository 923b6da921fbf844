#include "core/engine/contree/images.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/pull.h"
#include "core/images/reference.h"

#include <QCoreApplication>
#include <QFileDevice>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static QByteArray inspectPath(const QString &uuid)
{
    return "/v1/inspect/" + segment(uuid) + '/';
}

static Query imagesQuery(const ImageQuery &query)
{
    Query result{{"limit", QString::number(std::clamp(query.limit, 1, 1000))},
                 {"offset", QString::number(query.offset)}};
    if (query.taggedOnly)
        result.append({"tagged", u"1"_s});
    const std::pair<QByteArray, QString> texts[] = {
        {"tag", query.tagPrefix}, {"uuid", query.uuidPrefix}, {"since", query.since}, {"until", query.until}};
    for (const auto &[name, value] : texts) {
        if (!value.isEmpty())
            result.append({name, value});
    }
    return result;
}

Task<QList<ImageRecord>> listImages(TransportPtr transport, ImageQuery query, std::stop_token stop)
{
    const auto response = co_await send(transport, {.path = "/v1/images", .query = imagesQuery(query)}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto array = arrayOf(transport->endpoint(), *response, "images"_L1);
    if (!array)
        co_return std::unexpected(array.error());
    QList<ImageRecord> result;
    for (const QJsonValue &value : *array)
        result.append(toImage(value.toObject()));
    co_return result;
}

static Error noSuchImage(const Endpoint &endpoint, const QString &name)
{
    return {ErrorKind::NotFound, QCoreApplication::translate("Engine", "There is no image \"%1\"").arg(name),
            endpoint.displayName(),
            QCoreApplication::translate("Engine", "Import it first, or choose one of the images listed.")};
}

static Task<ImageRecord> inspect(TransportPtr transport, QString uuid, QString name, std::stop_token stop)
{
    const auto response = co_await exchange(transport, {.path = inspectPath(uuid)}, {}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    if (response->status == 404)
        co_return std::unexpected(noSuchImage(transport->endpoint(), name));
    if (!response->isSuccess())
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toImage(*object);
}

// The answer to a question for a tag is a redirection to `<uuid>/`, relative or not.
static QString lastSegment(const QByteArray &location)
{
    const QString path = QUrl::fromEncoded(location).path();
    const QStringList segments = path.split(u'/', Qt::SkipEmptyParts);
    return segments.isEmpty() ? QString() : segments.last();
}

Task<ImageRecord> resolveImage(TransportPtr transport, QString nameOrUuid, std::stop_token stop)
{
    if (images::isUuid(nameOrUuid))
        co_return co_await inspect(transport, nameOrUuid.toLower(), nameOrUuid, stop);
    const QString tag = nameOrUuid.startsWith("tag:"_L1) ? nameOrUuid.sliced(4) : nameOrUuid;
    const auto response =
        co_await exchange(transport, {.path = "/v1/inspect/", .query = {{"tag", tag}}}, {}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    if (response->status == 404)
        co_return std::unexpected(noSuchImage(transport->endpoint(), tag));
    if (response->status >= 400)
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    const QString uuid = lastSegment(response->location);
    if (!images::isUuid(uuid))
        co_return std::unexpected(unexpectedAnswer(transport->endpoint(), u"Location?"_s));
    auto image = co_await inspect(transport, uuid, tag, stop);
    if (image)
        image->tag = tag; // An image may have several; this is the one that was asked for.
    co_return image;
}

Task<ImageRecord> setImageTag(TransportPtr transport, QString uuid, QString tag)
{
    if (auto good = images::checkTag(tag); !good)
        co_return std::unexpected(good.error());
    Request request{.method = "PATCH",
                    .path = "/v1/images/" + segment(uuid) + "/tag",
                    .json = QJsonObject{{u"tag"_s, tag}}};
    const auto response = co_await send(transport, std::move(request), {});
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toImage(*object);
}

Task<> removeImageTag(TransportPtr transport, QString uuid, QString tag)
{
    Request request{
        .method = "DELETE", .path = "/v1/images/" + segment(uuid) + "/tag", .query = {{"tag", tag}}};
    const auto response = co_await send(transport, std::move(request), {});
    if (!response)
        co_return std::unexpected(response.error());
    co_return Result<>{};
}

Task<QList<LayerRecord>> readLayers(TransportPtr transport, QString uuid, std::stop_token stop)
{
    const auto response = co_await send(transport, {.path = "/v1/images/" + segment(uuid) + "/layers"}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto array = arrayOf(transport->endpoint(), *response, "layers"_L1);
    if (!array)
        co_return std::unexpected(array.error());
    QList<LayerRecord> result;
    for (const QJsonValue &layer : *array)
        result.append({.id = layer["id"_L1].toString(),
                       .diffId = layer["diff_id"_L1].toString(),
                       .size = layer["size"_L1].toInteger()});
    co_return result;
}

Task<> deleteImage(TransportPtr transport, QString uuid)
{
    const auto response =
        co_await send(transport, {.method = "DELETE", .path = "/v1/images/" + segment(uuid)}, {});
    if (!response)
        co_return std::unexpected(response.error());
    co_return Result<>{};
}

Task<QJsonObject> readImageConfig(TransportPtr transport, QString uuid, std::stop_token stop)
{
    const auto response = co_await send(transport, {.path = "/v1/images/" + segment(uuid) + "/config"}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    co_return objectOf(transport->endpoint(), *response);
}

Task<QList<FileItem>> listFolder(TransportPtr transport, QString uuid, QString path, std::stop_token stop)
{
    const auto response =
        co_await send(transport, {.path = inspectPath(uuid) + "list", .query = {{"path", path}}}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto array = arrayOf(transport->endpoint(), *response, "files"_L1);
    if (!array)
        co_return std::unexpected(array.error());
    QList<FileItem> result;
    for (const QJsonValue &value : *array)
        result.append(toFileItem(value.toObject()));
    co_return result;
}

Result<> writeAll(QIODevice *target, const QByteArray &bytes)
{
    if (target->write(bytes) == bytes.size())
        return {};
    const auto *file = qobject_cast<QFileDevice *>(target);
    const bool full = file && file->error() == QFileDevice::ResourceError;
    return failure(full ? ErrorKind::Full : ErrorKind::Failed,
                   QCoreApplication::translate("Engine", "Cannot write: %1").arg(target->errorString()),
                   file ? file->fileName() : QString());
}

Task<> fetch(TransportPtr transport, QString uuid, QByteArray what, QString path, QIODevice *target,
             std::stop_token stop)
{
    // The transfer has a connection of its own: an engine that has gone to sleep is woken here.
    if (transport->endpoint().isLocal()) {
        const auto awake = co_await whoami(transport, stop);
        if (!awake)
            co_return std::unexpected(awake.error());
    }
    const auto body =
        co_await pullBody(transport, inspectPath(uuid) + what, {{"path", path}}, target, {}, stop);
    if (!body)
        co_return std::unexpected(body.error());
    co_return Result<>{};
}

} // namespace cooperage::engine::contree
