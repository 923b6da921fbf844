#include "core/embedded/archive/import.h"
#include "core/embedded/registry/pull.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/deadline.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/progressevents.h"
#include "core/embedded/server/registryfields.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"
#include "core/images/reference.h"

#include <QJsonArray>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

namespace {

/// What POST /images/import asks for.
struct ImportRequest
{
    std::optional<RegistryAccess> pull{};
    QString archive{}; ///< Path on this machine.
    Lease upload{};    ///< Keeps it, if it was uploaded.
    QString tag{};
    int timeout = 0; ///< Seconds; 0: none.
    QJsonObject metadata{};
};

} // namespace

static Result<> takePlatform(JsonFields &fields, ImportRequest &request)
{
    JsonFields registry(fields.object("registry"_L1), u"registry."_s);
    const QString text = registry.text("platform"_L1);
    if (text.isEmpty())
        return registry.verdict();
    request.pull->platform = parsePlatform(text);
    if (!request.pull->platform)
        registry.fail("platform"_L1, Text::tr("must be like linux/arm64 or linux/arm/v7"));
    QJsonObject shown = request.metadata["registry"_L1].toObject();
    shown[u"platform"_s] = text;
    request.metadata[u"registry"_s] = shown;
    return registry.verdict();
}

static Result<> takeRegistry(ServerContext &context, JsonFields &fields, ImportRequest &request)
{
    const Result<RegistryFields> registry = readRegistry(fields);
    if (!registry)
        return std::unexpected(registry.error());
    request.pull = registry->access;
    request.metadata[u"registry"_s] = registry->shown;
    return context.options.extensions ? takePlatform(fields, request) : Result<>();
}

static Result<> readArchive(ServerContext &context, const Exchange &exchange, JsonFields &fields,
                            ImportRequest &request)
{
    const QJsonObject object = fields.object("archive"_L1);
    JsonFields archive(object, u"archive."_s);
    request.archive = archive.text("path"_L1);
    const QString uuid = archive.text("file"_L1);
    if (request.archive.isEmpty() == uuid.isEmpty())
        archive.fail("path"_L1, Text::tr("give either a path or the uuid of an uploaded file"));
    if (!archive.verdict())
        return archive.verdict();
    if (!uuid.isEmpty()) {
        const Result<StoredFile> file = context.store.fileByUuid(uuid);
        if (!file)
            return std::unexpected(file.error());
        request.archive = QString::fromStdString(context.store.filePath(*file));
        request.upload = file->lease;
    } else if (!exchange.local) {
        return failure(ErrorKind::Denied,
                       Text::tr("paths of this machine are taken only over the Unix socket"));
    } else if (!request.archive.startsWith(u'/')) {
        return failure(ErrorKind::BadInput, Text::tr("must be an absolute path"), u"archive.path"_s);
    }
    request.metadata[u"archive"_s] = object;
    return {};
}

static Result<ImportRequest> read(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    JsonFields fields(*body);
    ImportRequest request;
    request.tag = fields.text("tag"_L1);
    request.timeout = static_cast<int>(fields.integer("timeout"_L1, 0, 1, instanceMaxTimeout));
    if (!fields.verdict())
        return std::unexpected(*fields.error());
    if (!request.tag.isEmpty()) {
        if (const Result<> good = images::checkTag(request.tag); !good)
            return std::unexpected(good.error());
    }
    request.metadata[u"tag"_s] = textOrNull(request.tag);
    if (request.timeout > 0)
        request.metadata[u"timeout"_s] = request.timeout;
    const bool archive = context.options.extensions && fields.has("archive"_L1);
    if (archive && fields.has("registry"_L1))
        return failure(ErrorKind::BadInput, Text::tr("give either a registry or an archive"));
    const Result<> source =
        archive ? readArchive(context, exchange, fields, request) : takeRegistry(context, fields, request);
    if (!source)
        return std::unexpected(source.error());
    return request;
}

static Result<QString> import(ServerContext &context, const ImportRequest &request, Operation &operation)
{
    context.operations.setExecuting(operation);
    Deadline deadline(operation.stopToken(), std::chrono::seconds(request.timeout));
    const ImportProgress progress = progressTo(operation.log());
    const Result<ImportedLayers> layers =
        request.pull ? pullImage(context.store, *request.pull, progress, deadline.token())
                     : importArchive(context.store, request.archive, progress, deadline.token());
    if (!layers) {
        if (deadline.passed())
            return failure(ErrorKind::Failed,
                           Text::tr("the import took longer than %1 seconds").arg(request.timeout), {},
                           Text::tr("Give it a longer timeout."));
        operation.setResult(refusalResult(layers.error()));
        return std::unexpected(layers.error());
    }
    if (!layers->notes.isEmpty())
        operation.setResult({{u"notes"_s, QJsonArray::fromStringList(layers->notes)}});
    const Result<StoredImage> image = context.store.createImage(
        {.layers = layers->layers, .config = layers->config, .operation = operation.uuid()});
    if (!image)
        return std::unexpected(image.error());
    if (!request.tag.isEmpty()) {
        if (const Result<> set = context.store.setTag(image->uuid, request.tag); !set)
            return std::unexpected(set.error());
        operation.change([&](OperationRow &, OperationFigures &figures) { figures.tag = request.tag; });
    }
    return image->uuid;
}

void addImports(Router &router, ServerContext &context)
{
    router.add("POST", "/v1/images/import", [&context](Exchange &exchange) -> Result<> {
        const Result<ImportRequest> request = read(context, exchange);
        if (!request)
            return std::unexpected(request.error());
        const Result<QString> uuid = context.operations.start(
            u"image_import"_s, {}, request->metadata, [&context, request = *request](Operation &operation) {
                return import(context, request, operation);
            });
        if (!uuid)
            return std::unexpected(uuid.error());
        exchange.response.set_header("Location", "/v1/operations/" + uuid->toStdString());
        sendJson(exchange.response, 201, QJsonObject{{u"uuid"_s, *uuid}});
        return {};
    });
}

} // namespace cooperage::embedded
