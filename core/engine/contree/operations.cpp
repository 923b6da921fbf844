#include "core/engine/contree/operations.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/follow.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/uploads.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

Task<EngineInfo> whoami(TransportPtr transport, std::stop_token stop)
{
    const auto response = co_await send(transport, {.path = "/v1/whoami", .silence = 10s}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toEngineInfo(*object, transport->endpoint().displayName());
}

Result<QJsonObject> judgeOperation(const Endpoint &endpoint, const QJsonObject &record)
{
    const OperationRecord operation = toOperation(record);
    if (operation.state == OperationState::Success || toRunOutcome(record).timedOut)
        return record;
    if (operation.state == OperationState::Cancelled)
        return failure(ErrorKind::Cancelled,
                       QCoreApplication::translate("Engine", "The operation was cancelled"),
                       endpoint.displayName());
    const QString why =
        operation.error.isEmpty()
            ? QCoreApplication::translate("Engine", "The operation failed; the engine does not say why")
            : operation.error;
    // Our own engine tells a refusal from other failures: another account may help.
    const bool denied = operation.metadata["result"_L1]["error_kind"_L1].toString() == "denied"_L1;
    return failure(denied ? ErrorKind::Denied : ErrorKind::Failed, why, endpoint.displayName());
}

Task<QString> startOperation(TransportPtr transport, QByteArray path, QJsonObject body, std::stop_token stop)
{
    // A stop while the request is on its way: the answer is needed all the same, to cancel what it has
    // started.
    Request request{.method = "POST", .path = path, .json = std::move(body), .stopGrace = 3s};
    const auto response = co_await send(transport, std::move(request), stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto created = objectOf(transport->endpoint(), *response);
    if (!created)
        co_return std::unexpected(created.error());
    const QString uuid = created->value("uuid"_L1).toString();
    if (uuid.isEmpty())
        co_return std::unexpected(unexpectedAnswer(transport->endpoint(), u"\"uuid\"?"_s));
    co_return uuid;
}

Task<QJsonObject> operate(TransportPtr transport, QByteArray path, QJsonObject body,
                          OperationHandlers handlers, std::stop_token stop)
{
    const auto uuid = co_await startOperation(transport, path, std::move(body), stop);
    if (!uuid)
        co_return std::unexpected(uuid.error());
    const auto record = co_await followOperation(transport, *uuid, std::move(handlers), stop);
    if (stop.stop_requested() && !record) {
        // The outcome of the cancellation changes nothing for the caller, who has turned away.
        co_await cancelOperation(transport, *uuid);
        co_return std::unexpected(cancelledError());
    }
    if (!record)
        co_return record;
    co_return judgeOperation(transport->endpoint(), *record);
}

Task<RunOutcome> runInstance(TransportPtr transport, RunRequest request, OutputHandler output,
                             std::stop_token stop)
{
    const auto uuids = co_await uploadFiles(transport, request.files, stop);
    if (!uuids)
        co_return std::unexpected(uuids.error());
    OperationHandlers handlers{.output = std::move(output)};
    const auto record = co_await operate(transport, "/v1/instances", instanceBody(request, *uuids),
                                         std::move(handlers), stop);
    if (!record)
        co_return std::unexpected(record.error());
    RunOutcome outcome = toRunOutcome(*record);
    if (request.disposable)
        outcome.image.clear();
    co_return outcome;
}

Task<QList<OperationRecord>> listOperations(TransportPtr transport, int limit, std::stop_token stop)
{
    Request request{.path = "/v1/operations",
                    .query = {{"limit", QString::number(std::clamp(limit, 1, 1000))}}};
    const auto response = co_await send(transport, std::move(request), stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto array = arrayOf(transport->endpoint(), *response, "operations"_L1);
    if (!array)
        co_return std::unexpected(array.error());
    QList<OperationRecord> result;
    for (const QJsonValue &value : *array)
        result.append(toOperation(value.toObject()));
    co_return result;
}

Task<OperationRecord> readOperation(TransportPtr transport, QString uuid, std::stop_token stop)
{
    Request request{.path = "/v1/operations/" + segment(uuid), .query = {{"inflight", u"1"_s}}};
    const auto response = co_await send(transport, std::move(request), stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toOperation(*object);
}

Task<> cancelOperation(TransportPtr transport, QString uuid)
{
    Request request{.method = "DELETE", .path = "/v1/operations/" + segment(uuid), .silence = 10s};
    const auto response = co_await exchange(transport, std::move(request), {}, {});
    if (!response)
        co_return std::unexpected(response.error());
    if (!response->isSuccess() && response->status != 409)
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    co_return Result<>{};
}

} // namespace cooperage::engine::contree
