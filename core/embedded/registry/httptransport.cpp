#include "core/embedded/registry/httptransport.h"

#include "core/embedded/archive/bytestream.h"
#include "core/embedded/registry/certificates.h"
#include "core/embedded/registry/connectionerror.h"
#include "core/embedded/registry/hostlookup.h"
#include "core/embedded/registry/proxysettings.h"
#include "core/embedded/store/fd.h"

#include <algorithm>
#include <fcntl.h>
#include <httplib.h>
#include <mutex>
#include <sys/socket.h>
#include <unistd.h>

namespace cooperage::embedded {

namespace {

constexpr qsizetype maximumErrorBody = 1024 * 1024;

HttpReply headOf(const httplib::Response &response)
{
    HttpReply reply{response.status};
    for (const auto &[name, value] : response.headers)
        reply.headers.emplace(QByteArray::fromStdString(name).toLower().toStdString(), value);
    return reply;
}

} // namespace

std::string HttpReply::header(const std::string &lowerName) const
{
    const auto found = headers.find(lowerName);
    return found == headers.end() ? std::string() : found->second;
}

/// A client for one origin. Stopping shuts down a duplicate of its socket, which also ends a connection
/// attempt or a TLS handshake that is under way; httplib's own stop() only ends what is already connected.
class HttpTransport::Connection
{
public:
    explicit Connection(const HttpOrigin &origin) : m_client(origin.toString())
    {
        m_client.set_keep_alive(true);
        m_client.set_decompress(false);
        m_client.set_url_encode(false);
        m_client.set_connection_timeout(15);
        m_client.set_read_timeout(60);
        m_client.set_write_timeout(60);
        m_client.set_socket_options([this](int socket) {
            const std::lock_guard lock(m_mutex);
            m_socket = Fd(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
            if (m_stopped)
                ::shutdown(m_socket.get(), SHUT_RDWR);
        });
    }

    void setProxy(const Proxy &proxy)
    {
        m_client.set_proxy(proxy.host, proxy.port);
        if (!proxy.user.empty())
            m_client.set_proxy_basic_auth(proxy.user, proxy.password);
    }

    void stop()
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        if (m_socket)
            ::shutdown(m_socket.get(), SHUT_RDWR);
    }

    [[nodiscard]] httplib::Client &client() { return m_client; }

private:
    httplib::Client m_client;
    std::mutex m_mutex;
    Fd m_socket;
    bool m_stopped = false;
};

HttpTransport::HttpTransport(std::stop_token stop) : m_stop(std::move(stop)) {}
HttpTransport::~HttpTransport() = default;

Result<HttpTransport::Connection *> HttpTransport::connectionTo(const HttpOrigin &origin)
{
    auto &connection = m_connections[origin.toString()];
    if (connection)
        return connection.get();
    const auto proxy = proxyFor(origin);
    if (!proxy)
        return std::unexpected(proxy.error());
    if (auto found = checkHost(*proxy ? (*proxy)->host : origin.host, m_stop); !found)
        return std::unexpected(found.error());
    connection = std::make_unique<Connection>(origin);
    if (*proxy)
        connection->setProxy(**proxy);
    if (origin.scheme == "https")
        if (auto trusted = trustCertificatesOf(origin, connection->client()); !trusted)
            return std::unexpected(trusted.error());
    return connection.get();
}

/// Gives httplib a body piece by piece.
static void attachBody(httplib::Request &request, const HttpBody &body)
{
    request.set_header("Content-Type", body.type);
    request.content_length_ = static_cast<size_t>(body.size());
    request.content_provider_ = [&body](size_t offset, size_t length, httplib::DataSink &sink) {
        constexpr size_t pieceSize = 256 * 1024;
        QByteArray buffer;
        if (body.file >= 0) {
            buffer.resize(static_cast<qsizetype>(std::min(length, pieceSize)));
            const ssize_t got = ::pread(body.file, buffer.data(), static_cast<size_t>(buffer.size()),
                                        body.offset + static_cast<qint64>(offset));
            buffer.truncate(std::max<ssize_t>(got, 0));
        } else {
            buffer = body.bytes.sliced(static_cast<qsizetype>(offset), static_cast<qsizetype>(length));
        }
        if (buffer.isEmpty() || !sink.write(buffer.constData(), static_cast<size_t>(buffer.size())))
            return false;
        if (body.sent)
            body.sent(buffer.size());
        return true;
    };
}

std::expected<HttpReply, TransportFailure> HttpTransport::send(const HttpRequest &request, BodySink &sink)
{
    const auto connection = connectionTo(request.url.origin);
    if (!connection)
        return std::unexpected(TransportFailure{connection.error()});
    httplib::Request sent;
    sent.method = request.method;
    sent.path = request.url.target;
    // No Content-Encoding: digests and sizes are of the bytes as stored.
    sent.headers = {{"Accept-Encoding", "identity"}, {"User-Agent", "cooperage-engine"}};
    for (const auto &[name, value] : request.headers)
        sent.headers.emplace(name, value);
    if (request.body != nullptr && request.body->size() > 0)
        attachBody(sent, *request.body);
    HttpReply reply;
    Result<> taken;
    bool isStreamed = false;
    sent.response_handler = [&](const httplib::Response &response) {
        reply = headOf(response);
        isStreamed = response.status == 200 || response.status == 206;
        if (isStreamed)
            taken = sink.begin(reply);
        return taken.has_value();
    };
    sent.content_receiver = [&](const char *bytes, size_t size, uint64_t, uint64_t) {
        if (isStreamed)
            taken = sink.write(QByteArrayView(bytes, static_cast<qsizetype>(size)));
        else if (reply.body.size() < maximumErrorBody)
            reply.body.append(bytes, static_cast<qsizetype>(size));
        return taken.has_value() && !m_stop.stop_requested();
    };
    const std::stop_callback onStop(m_stop, [&] { (*connection)->stop(); });
    const auto result = (*connection)->client().send(sent);
    if (m_stop.stop_requested())
        return std::unexpected(TransportFailure{cancelledError()});
    if (taken && result && isStreamed)
        taken = sink.finish();
    if (!taken)
        return std::unexpected(TransportFailure{taken.error(), taken.error().kind == ErrorKind::Unreachable});
    if (!result)
        return std::unexpected(
            connectionFailure(result.error(), (*connection)->client(), request.url.origin));
    // The handler is not asked about replies that have no body by their nature.
    return reply.status == 0 ? headOf(*result) : reply;
}

} // namespace cooperage::embedded
