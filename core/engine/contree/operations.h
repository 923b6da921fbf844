#pragma once

#include "core/engine/contree/follow.h"
#include "core/engine/values.h"

/// Calls that start, watch and end operations.
namespace cooperage::engine::contree {

/// GET /v1/whoami.
[[nodiscard]] Task<EngineInfo> whoami(TransportPtr transport, std::stop_token stop);

[[nodiscard]] Task<RunOutcome> runInstance(TransportPtr transport, RunRequest request, OutputHandler output,
                                           std::stop_token stop);
[[nodiscard]] Task<ImportOutcome> importImage(TransportPtr transport, EngineInfo info, ImportRequest request,
                                              ProgressHandler progress, std::stop_token stop);
[[nodiscard]] Task<PushOutcome> pushImage(TransportPtr transport, EngineInfo info, PushRequest request,
                                          ProgressHandler progress, std::stop_token stop);

[[nodiscard]] Task<QList<OperationRecord>> listOperations(TransportPtr transport, int limit,
                                                          std::stop_token stop);
[[nodiscard]] Task<OperationRecord> readOperation(TransportPtr transport, QString uuid, std::stop_token stop);
/// An operation that has ended already is no error.
[[nodiscard]] Task<> cancelOperation(TransportPtr transport, QString uuid);

/// Sends `body` to `path`, which starts an operation; its uuid.
[[nodiscard]] Task<QString> startOperation(TransportPtr transport, QByteArray path, QJsonObject body,
                                           std::stop_token stop);
/// The record of an ended operation, or the error that it is.
[[nodiscard]] Result<QJsonObject> judgeOperation(const Endpoint &endpoint, const QJsonObject &record);

/// Sends `body` to `path`, which starts an operation, and follows it to its end; a stop cancels the
/// operation. An operation that FAILED without having run is an error; one that ran is returned whatever came
/// of it.
[[nodiscard]] Task<QJsonObject> operate(TransportPtr transport, QByteArray path, QJsonObject body,
                                        OperationHandlers handlers, std::stop_token stop);

} // namespace cooperage::engine::contree
