#include "core/embedded/server/context.h"
#include "core/embedded/server/instancejob.h"
#include "core/embedded/server/instancerequest.h"
#include "core/embedded/server/reply.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static Result<> spawn(ServerContext &context, Exchange &exchange)
{
    Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    if (!context.options.extensions) {
        body->remove("terminal"_L1);
        body->remove("mounts"_L1);
    }
    const Result<InstanceRequest> request = InstanceRequest::read(context.store, *body, exchange.local);
    if (!request)
        return std::unexpected(request.error());
    const QJsonObject metadata = request->metadata();
    const Result<QString> uuid = context.operations.start(
        u"instance"_s, request->image.uuid, metadata, [&context, request = *request](Operation &operation) {
            return InstanceJob(context, request, operation).run();
        });
    if (!uuid)
        return std::unexpected(uuid.error());
    QJsonObject reply = metadata;
    reply[u"uuid"_s] = *uuid;
    reply[u"status"_s] = u"PENDING"_s;
    exchange.response.set_header("Location", "/v1/operations/" + uuid->toStdString());
    sendJson(exchange.response, 201, reply);
    return {};
}

void addInstances(Router &router, ServerContext &context)
{
    router.add("POST", "/v1/instances", [&context](Exchange &exchange) { return spawn(context, exchange); });
}

} // namespace cooperage::embedded
