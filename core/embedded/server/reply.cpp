#include "core/embedded/server/reply.h"

#include <QJsonDocument>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr qsizetype largestWithLength = 64 * 1024;

void sendJsonText(httplib::Response &response, int status, const QByteArray &json)
{
    response.status = status;
    if (json.size() <= largestWithLength) {
        response.set_content(json.constData(), static_cast<size_t>(json.size()), "application/json");
        return;
    }
    response.set_chunked_content_provider("application/json", [json](size_t, httplib::DataSink &sink) {
        sink.write(json.constData(), static_cast<size_t>(json.size()));
        sink.done();
        return true;
    });
}

void sendJson(httplib::Response &response, int status, const QJsonObject &object)
{
    sendJsonText(response, status, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void sendJson(httplib::Response &response, int status, const QJsonArray &array)
{
    sendJsonText(response, status, QJsonDocument(array).toJson(QJsonDocument::Compact));
}

void sendError(httplib::Response &response, int status, const QString &text)
{
    sendJson(response, status, QJsonObject{{u"error"_s, text}, {u"status"_s, status}});
}

void sendError(httplib::Response &response, const Error &error)
{
    sendError(response, httpStatus(error.kind), error.text());
}

int httpStatus(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return 400;
    case ErrorKind::NotFound:
        return 404;
    case ErrorKind::Denied:
        return 403;
    case ErrorKind::Cancelled:
        return 409;
    case ErrorKind::Unsupported:
        return 422;
    case ErrorKind::Full:
        return 507;
    case ErrorKind::Unreachable:
        return 502;
    case ErrorKind::Failed:
        break;
    }
    return 500;
}

QJsonValue timeValue(const QDateTime &time)
{
    if (!time.isValid())
        return QJsonValue::Null;
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

} // namespace cooperage::embedded
