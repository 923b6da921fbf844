#include "core/embedded/server/requestbody.h"

#include "core/embedded/server/text.h"

#include <QJsonDocument>
#include <QJsonParseError>

#include <httplib.h>

namespace cooperage::embedded {

static constexpr qsizetype jsonLimit = 64 * 1024 * 1024;

static bool hasBody(const httplib::Request &request)
{
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

// Without either header the library would read until the client closes: such a request has no body.
RequestBody::RequestBody(const httplib::Request &request, const httplib::ContentReader *reader)
    : m_request(request), m_reader(hasBody(request) ? reader : nullptr)
{
}

bool RequestBody::stream(const Receiver &receive)
{
    if (!m_reader)
        return true;
    const httplib::ContentReader &reader = *std::exchange(m_reader, nullptr);
    const auto each = [&receive](const char *bytes, size_t size) {
        receive(bytes, size);
        return true;
    };
    if (!m_request.is_multipart_form_data())
        return reader(each);
    // Only this form of the call is safe for a form upload; there is no use for its parts.
    return reader([](const httplib::MultipartFormData &) { return true; }, each);
}

void RequestBody::drain()
{
    // A body that breaks off here is noticed by the next read of the connection.
    (void)stream([](const char *, size_t) {});
}

Result<QJsonObject> RequestBody::json()
{
    QByteArray bytes;
    const bool whole = stream([&](const char *data, size_t size) {
        m_tooLarge = m_tooLarge || bytes.size() + static_cast<qsizetype>(size) > jsonLimit;
        if (!m_tooLarge)
            bytes.append(data, static_cast<qsizetype>(size));
    });
    if (!whole)
        return failure(ErrorKind::BadInput, Text::tr("the request body ended early"));
    if (m_tooLarge)
        return failure(ErrorKind::BadInput, Text::tr("the request body is larger than 64 MiB"));
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
    if (problem.error != QJsonParseError::NoError)
        return failure(ErrorKind::BadInput, Text::tr("the request body is not JSON: %1 at byte %2")
                                                .arg(problem.errorString())
                                                .arg(problem.offset));
    if (!document.isObject())
        return failure(ErrorKind::BadInput, Text::tr("the request body is not a JSON object"));
    return document.object();
}

} // namespace cooperage::embedded
