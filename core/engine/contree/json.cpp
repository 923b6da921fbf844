#include "core/engine/contree/json.h"

#include "core/engine/contree/errors.h"

#include <QJsonDocument>
#include <QTimeZone>

#include <cmath>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static Result<QJsonDocument> documentOf(const Endpoint &endpoint, const Response &response)
{
    QJsonParseError problem;
    QJsonDocument document = QJsonDocument::fromJson(response.body, &problem);
    if (problem.error != QJsonParseError::NoError)
        return std::unexpected(unexpectedAnswer(endpoint, problem.errorString()));
    return document;
}

Result<QJsonObject> objectOf(const Endpoint &endpoint, const Response &response)
{
    auto document = documentOf(endpoint, response);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isObject())
        return std::unexpected(unexpectedAnswer(endpoint, u"{...}?"_s));
    return document->object();
}

Result<QJsonArray> arrayOf(const Endpoint &endpoint, const Response &response, QLatin1StringView key)
{
    auto document = documentOf(endpoint, response);
    if (!document)
        return std::unexpected(document.error());
    if (document->isArray())
        return document->array();
    const QJsonValue list = document->object().value(key);
    if (!list.isArray())
        return std::unexpected(unexpectedAnswer(endpoint, u"\"%1\": [...]?"_s.arg(key)));
    return list.toArray();
}

static QDateTime toTime(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

EngineInfo toEngineInfo(const QJsonObject &object, const QString &displayName)
{
    EngineInfo info{.name = displayName, .extensions = {}};
    for (const QJsonValue &extension : object["extensions"_L1].toArray())
        info.extensions.insert(extension.toString());
    const int timeout = object["limits"_L1]["instance_max_timeout"_L1].toInt();
    if (timeout > 0)
        info.maxTimeoutSeconds = timeout;
    info.version = object["version"_L1].toString();
    for (const auto &[name, granted] : object["permissions"_L1].toObject().toVariantHash().asKeyValueRange())
        info.permissions.insert(name, granted.toBool());
    return info;
}

ImageRecord toImage(const QJsonObject &object)
{
    return {.uuid = object["uuid"_L1].toString(),
            .tag = object["tag"_L1].toString(),
            .createdAt = toTime(object["created_at"_L1]),
            .operation = object["operation_uuid"_L1].toString()};
}

FileRecord toFile(const QJsonObject &object)
{
    return {.uuid = object["uuid"_L1].toString(),
            .sha256 = object["sha256"_L1].toString().toLatin1(),
            .size = object["size"_L1].toInteger()};
}

// Owners are names or numbers.
static QString ownerText(const QJsonValue &value)
{
    return value.isString() ? value.toString() : QString::number(value.toInteger());
}

FileItem toFileItem(const QJsonObject &object)
{
    return {.name = object["path"_L1].toString(),
            .size = object["size"_L1].toInteger(),
            .mode = static_cast<quint32>(object["mode"_L1].toInteger()),
            .uid = static_cast<quint32>(object["uid"_L1].toInteger()),
            .gid = static_cast<quint32>(object["gid"_L1].toInteger()),
            .owner = ownerText(object["owner"_L1]),
            .group = ownerText(object["group"_L1]),
            .mtime = QDateTime::fromSecsSinceEpoch(object["mtime"_L1].toInteger(), QTimeZone::UTC),
            .linkTarget = object["symlink_to"_L1].toString(),
            .isFolder = object["is_dir"_L1].toBool(),
            .isRegular = object["is_regular"_L1].toBool(),
            .isSymlink = object["is_symlink"_L1].toBool()};
}

static OperationState toState(const QString &text)
{
    static const QHash<QString, OperationState> states{{u"ASSIGNED"_s, OperationState::Assigned},
                                                       {u"EXECUTING"_s, OperationState::Executing},
                                                       {u"SUCCESS"_s, OperationState::Success},
                                                       {u"FAILED"_s, OperationState::Failed},
                                                       {u"CANCELLED"_s, OperationState::Cancelled}};
    return states.value(text.toUpper(), OperationState::Pending);
}

bool isTerminal(OperationState state)
{
    return state == OperationState::Success || state == OperationState::Failed ||
           state == OperationState::Cancelled;
}

OperationRecord toOperation(const QJsonObject &object)
{
    // Two places hold the result image; either may be missing (contract 2.6).
    QString result = object["result_image_uuid"_L1].toString();
    if (result.isEmpty())
        result = object["result"_L1]["image"_L1].toString();
    const QJsonValue error = object["error"_L1];
    return {.uuid = object["uuid"_L1].toString(),
            .kind = object["kind"_L1].toString().toLower(),
            .state = toState(object["status"_L1].toString()),
            .error = error.isObject()
                         ? QString::fromUtf8(QJsonDocument(error.toObject()).toJson(QJsonDocument::Compact))
                         : error.toVariant().toString(),
            .createdAt = toTime(object["created_at"_L1]),
            .durationSeconds = object["duration"_L1].toDouble(),
            .image = object["image_uuid"_L1].toString(),
            .resultImage = result,
            .metadata = object["metadata"_L1].toObject()};
}

RunOutcome toRunOutcome(const QJsonObject &object)
{
    const OperationRecord operation = toOperation(object);
    const QJsonValue result = operation.metadata["result"_L1];
    const QJsonValue state = result["state"_L1];
    return {.operation = operation.uuid,
            .image = operation.resultImage,
            .exitCode = state["exit_code"_L1].toInt(),
            .signal = state["signal"_L1].toInt(-1),
            .timedOut = state["timed_out"_L1].toBool(),
            .durationMs = std::llround(operation.durationSeconds * 1000),
            .outputTruncated =
                result["stdout"_L1]["truncated"_L1].toBool() || result["stderr"_L1]["truncated"_L1].toBool()};
}

QByteArray decodeStream(const QJsonObject &stream)
{
    const QByteArray value = stream["value"_L1].toString().toUtf8();
    return stream["encoding"_L1].toString() == "base64"_L1 ? QByteArray::fromBase64(value) : value;
}

QJsonObject encodeStream(const QByteArray &bytes)
{
    return {{u"value"_s, QString::fromLatin1(bytes.toBase64())},
            {u"encoding"_s, u"base64"_s},
            {u"close"_s, true}};
}

} // namespace cooperage::engine::contree
