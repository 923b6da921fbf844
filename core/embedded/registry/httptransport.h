#pragma once

#include "core/base/error.h"
#include "core/embedded/registry/httpurl.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace cooperage::embedded {

struct HttpReply
{
    int status = 0;
    std::multimap<std::string, std::string> headers{}; ///< Names in lower case.
    QByteArray body{};                                 ///< Of what was not streamed, cut at 1 MiB.

    [[nodiscard]] std::string header(const std::string &lowerName) const;
};

/// Why there is no reply.
struct TransportFailure
{
    Error error;
    bool isTransient = false;         ///< Trying again may help.
    std::chrono::milliseconds wait{}; ///< As the server asked; 0: as usual.
};

/// Takes a successful reply's body as it arrives.
class BodySink
{
public:
    virtual ~BodySink() = default;
    /// The header of the request for the part that is missing, if some is there already: "bytes=100-".
    [[nodiscard]] virtual std::string range() const { return {}; }
    /// Sees status and headers first; may refuse. An error of kind Unreachable means: try again.
    [[nodiscard]] virtual Result<> begin(const HttpReply &head) = 0;
    [[nodiscard]] virtual Result<> write(QByteArrayView bytes) = 0;
    [[nodiscard]] virtual Result<> finish() = 0;
    /// The server does not have the range that was asked for.
    virtual void rangeRefused() {}
    /// Bytes that have arrived in all.
    [[nodiscard]] virtual qint64 received() const = 0;
};

/// What a request sends: bytes in memory, or a part of a file. Read again for every attempt.
struct HttpBody
{
    std::string type;   ///< Content-Type
    QByteArray bytes{}; ///< Where there is no file.
    int file = -1;      ///< Not owned.
    qint64 offset = 0;  ///< In the file.
    qint64 fileSize = 0;
    std::function<void(qint64 bytes)> sent{}; ///< Hears of every piece that went out.

    [[nodiscard]] qint64 size() const { return file >= 0 ? fileSize : bytes.size(); }
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest
{
    std::string method = "GET";
    HttpUrl url;
    HttpHeaders headers{};
    const HttpBody *body = nullptr;
};

/// Sends requests, one after the other, over connections that it keeps. No redirects, no cookies, no
/// decompression; TLS is always verified, against the system's certificates and those of certs.d folders. For
/// one thread; stops within moments when told so.
class HttpTransport
{
public:
    explicit HttpTransport(std::stop_token stop);
    ~HttpTransport();

    /// A body of status 200 or 206 goes to `sink`, any other into the reply.
    [[nodiscard]] std::expected<HttpReply, TransportFailure> send(const HttpRequest &request, BodySink &sink);
    [[nodiscard]] std::stop_token stopToken() const { return m_stop; }

private:
    class Connection;
    [[nodiscard]] Result<Connection *> connectionTo(const HttpOrigin &origin);

    std::stop_token m_stop;
    std::map<std::string, std::unique_ptr<Connection>> m_connections;
};

} // namespace cooperage::embedded
