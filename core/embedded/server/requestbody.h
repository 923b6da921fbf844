#pragma once

#include "core/base/error.h"

#include <QJsonObject>

#include <functional>

namespace httplib {
struct Request;
class ContentReader;
} // namespace httplib

namespace cooperage::embedded {

/// The body of one request, read at most once. Content-Length and chunked framing look alike here.
class RequestBody
{
public:
    /// `reader` may be null: a request without a body.
    RequestBody(const httplib::Request &request, const httplib::ContentReader *reader);

    /// A JSON object of at most 64 MiB; BadInput otherwise.
    [[nodiscard]] Result<QJsonObject> json();

    using Receiver = std::function<void(const char *bytes, std::size_t size)>;
    /// Hands out the bytes as they come. False: the client broke off, or the framing is wrong.
    [[nodiscard]] bool stream(const Receiver &receive);

    /// Takes what is left off the connection, so that the next request on it starts where it should.
    void drain();

    /// json() met a body over its limit.
    [[nodiscard]] bool tooLarge() const { return m_tooLarge; }

private:
    const httplib::Request &m_request;
    const httplib::ContentReader *m_reader;
    bool m_tooLarge = false;
};

} // namespace cooperage::embedded
