#include "core/embedded/server/httplistener.h"

#include "core/embedded/server/contentencoding.h"
#include "core/embedded/server/loopback.h"
#include "core/embedded/server/pacedstream.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <QFile>
#include <QUuid>

#include <cerrno>
#include <openssl/crypto.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

static constexpr auto idleTime = 5s;
static constexpr int mostRequests = 1000;
// How long a reply may take that is under way when the engine ends.
static constexpr auto lastReplies = 500ms;
// No path of the API is near this, and the library matches paths with a recursion as deep as they are long.
static constexpr size_t longestPath = 1024;
static constexpr quint64 largestIgnoredBody = 64 * 1024;

// The connection that this thread serves: the library's callbacks do not say.
static thread_local PacedStream *t_stream = nullptr;

HttpListener::HttpListener(const Router &router, Activity &activity, std::chrono::milliseconds patience)
    : m_local(true), m_patience(patience), m_stopping(::eventfd(0, EFD_CLOEXEC))
{
    configure(router, activity);
}

HttpListener::HttpListener(const Router &router, Activity &activity, std::chrono::milliseconds patience,
                           QByteArray token)
    : m_local(false), m_patience(patience), m_token(std::move(token)), m_stopping(::eventfd(0, EFD_CLOEXEC))
{
    configure(router, activity);
}

HttpListener::~HttpListener()
{
    stopListening();
}

void HttpListener::configure(const Router &router, Activity &activity)
{
    new_task_queue = [&activity] { return new ConnectionThreads(activity); };
    set_pre_routing_handler([this](const httplib::Request &request, httplib::Response &response) {
        return guard(request, response);
    });
    const auto answer = [this, &router](const httplib::Request &request, httplib::Response &response,
                                        const httplib::ContentReader *reader) {
        RequestBody body(request, reader);
        Exchange exchange{request, response, body, m_local};
        router.dispatch(exchange);
        if (response.status < 400)
            compressReply(request, response);
    };
    const auto withoutBody = [answer](const httplib::Request &request, httplib::Response &response) {
        answer(request, response, nullptr);
    };
    const auto withBody = [answer](const httplib::Request &request, httplib::Response &response,
                                   const httplib::ContentReader &reader) {
        answer(request, response, &reader);
    };
    Get(".*", withoutBody);
    Options(".*", withoutBody);
    Post(".*", withBody);
    Put(".*", withBody);
    Patch(".*", withBody);
    Delete(".*", withBody);
    // Every reply of 400 and more passes here, also those of the library itself.
    set_error_handler([this](const httplib::Request &request, httplib::Response &response) {
        if (response.body.empty() && !response.content_provider_)
            answerRefusal(request, response);
        compressReply(request, response);
        return HandlerResponse::Handled;
    });
}

// What the library refuses it does not explain.
void HttpListener::answerRefusal(const httplib::Request &request, httplib::Response &response) const
{
    const bool badHead = t_stream && t_stream->inHead();
    if (response.status == 414)
        sendError(response, 414, Text::tr("the path and query are too long"));
    else if (badHead && t_stream->headTooLong())
        sendError(response, 431, Text::tr("the headers are too long"));
    else if (!badHead && response.status == 400 && (request.method == "TRACE" || request.method == "CONNECT"))
        sendError(response, 405, Text::tr("no resource knows this method"));
    else
        sendError(response, response.status, Text::tr("the request is not understood"));
}

bool HttpListener::process_and_close_socket(int socket)
{
    PacedStream stream(socket, m_patience);
    const Connections::Entry entry(m_connections, socket); // Gone before the stream, which closes the socket.
    t_stream = &stream;
    auto idle = std::max<std::chrono::milliseconds>(m_patience, idleTime);
    bool done = true;
    bool closed = false;
    for (int left = mostRequests; left > 0 && done && !closed && stream.waitForRequest(idle, m_stopping);
         --left) {
        stream.beginHead();
        done = process_request(stream, {}, 0, {}, 0, left == 1, closed, [&stream](httplib::Request &request) {
            stream.endHead();
            hideAcceptEncoding(request);
        });
        // Behind a head that was not understood nobody knows where the next one begins.
        closed = closed || stream.inHead() || stream.isClosing();
        idle = idleTime;
    }
    t_stream = nullptr;
    return done;
}

HttpListener::HandlerResponse HttpListener::guard(const httplib::Request &request,
                                                  httplib::Response &response) const
{
    response.set_header("X-Request-Id", QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    int status = 0;
    QString text;
    if (request.path.size() > longestPath) {
        status = 414;
        text = Text::tr("the path is too long");
    } else if (!m_local && !isAuthorised(request)) {
        status = 401;
        text = Text::tr("this listener wants the engine's bearer token");
        response.set_header("WWW-Authenticate", "Bearer");
    } else if (!m_local && !isLoopbackHost(request.get_header_value("Host"))) {
        // A web page whose name was pointed at this machine must not get in with somebody's token.
        status = 403;
        text = Text::tr("this listener answers only to localhost");
    } else if ((request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS") &&
               (request.has_header("Transfer-Encoding") ||
                request.get_header_value_u64("Content-Length") > largestIgnoredBody)) {
        status = 413;
        text = Text::tr("this request takes no body");
    } else if (request.has_header("Transfer-Encoding") && request.has_header("Content-Length")) {
        // Whoever is between this and the client may go by the other one.
        status = 400;
        text = Text::tr("the length of the body is given in two ways");
    } else {
        return HandlerResponse::Unhandled;
    }
    response.set_header("Connection", "close");
    t_stream->closeAfterReply();
    sendError(response, status, text);
    return HandlerResponse::Handled;
}

bool HttpListener::isAuthorised(const httplib::Request &request) const
{
    static constexpr std::string_view scheme = "Bearer ";
    const std::string header = request.get_header_value("Authorization");
    const auto given = static_cast<qsizetype>(header.size()) - static_cast<qsizetype>(scheme.size());
    if (m_token.isEmpty() || !header.starts_with(scheme) || given != m_token.size())
        return false;
    return CRYPTO_memcmp(header.data() + scheme.size(), m_token.constData(), static_cast<size_t>(given)) == 0;
}

void HttpListener::startAccepting()
{
    // The library's backlog of 5 is too short for clients that open dozens of connections at once.
    ::listen(svr_sock_, 1024);
    m_accepting = std::thread([this] { listen_after_bind(); });
    wait_until_ready();
}

Result<> HttpListener::listenOnSocket(const QString &path)
{
    set_address_family(AF_UNIX);
    set_socket_options([](int) {});
    errno = 0;
    if (!bind_to_port(QFile::encodeName(path).toStdString(), 80))
        return std::unexpected(systemError(errno, Text::tr("Cannot listen on the socket"), path));
    startAccepting();
    return {};
}

Result<> HttpListener::listenOnPort(const QString &host, int port)
{
    const QString where = u"%1:%2"_s.arg(host).arg(port);
    if (!isLoopbackHost(host.contains(u':') ? '[' + host.toStdString() + ']' : host.toStdString()))
        return failure(ErrorKind::BadInput,
                       Text::tr("Only addresses of this machine itself can be listened on"), where,
                       Text::tr("Use 127.0.0.1, and a tunnel to reach it from elsewhere."));
    if (m_token.isEmpty())
        return failure(ErrorKind::BadInput, Text::tr("Listening on TCP needs a token"), where);
    // Unlike the library's own choice this lets no second process share the port.
    set_socket_options([](int socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_tcp_nodelay(true);
    errno = 0;
    if (!bind_to_port(host.toStdString(), port))
        return std::unexpected(systemError(errno, Text::tr("Cannot listen on the port"), where));
    startAccepting();
    return {};
}

void HttpListener::stopListening()
{
    if (!m_accepting.joinable())
        return;
    ::eventfd_write(m_stopping.get(), 1);
    stop();
    m_connections.close(lastReplies);
    m_accepting.join();
}

} // namespace cooperage::embedded
