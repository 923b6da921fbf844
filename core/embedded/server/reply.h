#pragma once

#include "core/base/error.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace httplib {
struct Response;
}

namespace cooperage::embedded {

/// Answers with JSON. Large documents are sent in chunks: one known client refuses a long Content-Length.
void sendJson(httplib::Response &response, int status, const QJsonObject &object);
void sendJson(httplib::Response &response, int status, const QJsonArray &array);
void sendJsonText(httplib::Response &response, int status, const QByteArray &json);

/// `{"error": text, "status": status}` (contract 1.5).
void sendError(httplib::Response &response, int status, const QString &text);
void sendError(httplib::Response &response, const Error &error);

/// The status that tells this kind of failure.
[[nodiscard]] int httpStatus(ErrorKind kind);

/// RFC 3339 in UTC with three fraction digits; null for an invalid time.
[[nodiscard]] QJsonValue timeValue(const QDateTime &time);
/// Null for an empty text.
[[nodiscard]] QJsonValue textOrNull(const QString &text);

} // namespace cooperage::embedded
