#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

#include <QJsonArray>
#include <QJsonObject>

/// ConTree's JSON to values and back (contract sections 2.2 to 2.8). Unknown fields are ignored; a field that
/// the rest of the program cannot do without makes an error.
namespace cooperage::engine::contree {

[[nodiscard]] Result<QJsonObject> objectOf(const Endpoint &endpoint, const Response &response);
/// A bare array, or the array under `key` of an object.
[[nodiscard]] Result<QJsonArray> arrayOf(const Endpoint &endpoint, const Response &response,
                                         QLatin1StringView key);

[[nodiscard]] EngineInfo toEngineInfo(const QJsonObject &object, const QString &displayName);
[[nodiscard]] ImageRecord toImage(const QJsonObject &object);
[[nodiscard]] FileRecord toFile(const QJsonObject &object);
[[nodiscard]] FileItem toFileItem(const QJsonObject &object);
[[nodiscard]] OperationRecord toOperation(const QJsonObject &object);
/// The outcome of an instance that has ended; `object` is its OperationResponse.
[[nodiscard]] RunOutcome toRunOutcome(const QJsonObject &object);

[[nodiscard]] bool isTerminal(OperationState state);

/// {"value", "encoding"}: ascii or base64.
[[nodiscard]] QByteArray decodeStream(const QJsonObject &stream);
[[nodiscard]] QJsonObject encodeStream(const QByteArray &bytes);

/// Octal, as the protocol writes permission bits: "0644".
[[nodiscard]] QString modeText(quint32 mode);

/// Body of POST /v1/instances; `fileUuids` belong to `request.files` one by one.
[[nodiscard]] QJsonObject instanceBody(const RunRequest &request, const QStringList &fileUuids);
/// One entry of POST /v1/commits; `fileUuid` for files that were uploaded.
[[nodiscard]] QJsonObject commitEntry(const StagedEntry &entry, const QString &fileUuid);

} // namespace cooperage::engine::contree
