#include "core/engine/contree/errors.h"
#include "core/engine/contree/transport.h"
#include "core/engine/contree/waiting.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTimer>

namespace cooperage::engine::contree {

// Answers are read into memory up to this; the longest are results with two outputs of 10 MiB in base64.
static constexpr qint64 longestAnswer = 256 * 1024 * 1024;

struct LaterDeleter
{
    void operator()(QObject *object) const { object->deleteLater(); }
};

/// What one try came to.
struct Attempt
{
    Response response{};
    bool refused = false;         ///< Nothing listens there, so nothing was sent.
    bool delivered = false;       ///< Part of the body has reached the handler: no second try.
    std::optional<Error> final{}; ///< The handler's error, or a cancellation.
};

static int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

// A body that comes to its end is a valid answer whatever its status; Qt reports statuses of 400 and more as
// errors too.
static bool isCut(const QNetworkReply &reply)
{
    return reply.error() != QNetworkReply::NoError &&
           (statusOf(reply) < 400 || reply.error() < QNetworkReply::ContentAccessDenied);
}

static Result<> take(const QByteArray &bytes, bool success, const BodyHandler &onBody, Attempt &attempt)
{
    if (success && onBody) {
        attempt.delivered = attempt.delivered || !bytes.isEmpty();
        return onBody(bytes);
    }
    if (attempt.response.body.size() + bytes.size() > longestAnswer)
        return failure(ErrorKind::Failed,
                       QCoreApplication::translate("Engine", "The engine's answer is too long"));
    attempt.response.body += bytes;
    return {};
}

static void finish(const QNetworkReply &reply, const Endpoint &endpoint, Attempt &attempt)
{
    Response &response = attempt.response;
    response.location = reply.rawHeader("Location");
    response.retryAfter = reply.rawHeader("Retry-After");
    response.status = isCut(reply) ? 0 : statusOf(reply);
    // A missing socket file and a socket that nobody listens on come as these two.
    attempt.refused = reply.error() == QNetworkReply::ConnectionRefusedError ||
                      (endpoint.isLocal() && reply.error() == QNetworkReply::HostNotFoundError);
    if (response.status == 0)
        response.error = errorOfNetwork(endpoint, reply.error(), reply.errorString());
}

static QCoro::Task<Attempt> tryOnce(TransportPtr transport, Request request, BodyHandler onBody,
                                    std::stop_token stop)
{
    Attempt attempt;
    const std::unique_ptr<QNetworkReply, LaterDeleter> reply(transport->begin(request));
    const auto abort = [reply = reply.get()](std::chrono::milliseconds grace) {
        QMetaObject::invokeMethod(
            reply, [reply, grace] { QTimer::singleShot(grace, reply, &QNetworkReply::abort); },
            Qt::QueuedConnection);
    };
    const std::stop_callback onStop(stop, [&abort, &request] { abort(request.stopGrace); });
    const std::stop_callback onClose(transport->closing(), [&abort] { abort(std::chrono::milliseconds(0)); });
    for (;;) {
        co_await ReplyActivity(reply.get());
        const QByteArray bytes = reply->isOpen() ? reply->readAll() : QByteArray(); // An abort closes it.
        const int status = statusOf(*reply);
        if (auto taken = take(bytes, status >= 200 && status < 300, onBody, attempt); !taken) {
            attempt.final = taken.error();
            reply->abort();
            co_return attempt;
        }
        if (reply->isFinished() && reply->bytesAvailable() == 0)
            break;
    }
    finish(*reply, transport->endpoint(), attempt);
    if (attempt.response.status == 0 && (stop.stop_requested() || transport->closing().stop_requested()))
        attempt.final = cancelledError();
    co_return attempt;
}

static Result<> checkBody(const Request &request)
{
    if (request.bodyFile.isEmpty() || QFileInfo(request.bodyFile).isReadable())
        return {};
    return failure(ErrorKind::NotFound, QCoreApplication::translate("Engine", "The file cannot be read"),
                   request.bodyFile);
}

Task<Response> exchange(TransportPtr transport, Request request, BodyHandler onBody, std::stop_token stop)
{
    const Endpoint &endpoint = transport->endpoint();
    if (auto usable = endpoint.check(); !usable)
        co_return std::unexpected(usable.error());
    if (auto readable = checkBody(request); !readable)
        co_return std::unexpected(readable.error());
    const bool idempotent = request.method == "GET" || request.method == "HEAD";
    bool started = false;
    for (int attempt = 1;; ++attempt) {
        if (stop.stop_requested() || transport->closing().stop_requested())
            co_return std::unexpected(cancelledError());
        Attempt outcome = co_await tryOnce(transport, request, onBody, stop);
        if (outcome.final)
            co_return std::unexpected(*outcome.final);
        if (outcome.refused && endpoint.isLocal())
            transport->renewConnections();
        if (outcome.refused && endpoint.start && !started) {
            started = true;
            if (auto ready = co_await endpoint.start(stop); !ready)
                co_return std::unexpected(ready.error());
            continue;
        }
        const Response &response = outcome.response;
        const bool mayRetry = request.retry && !outcome.delivered;
        const auto delay =
            mayRetry ? endpoint.retry.delay(idempotent, response.status, attempt, response.retryAfter)
                     : std::nullopt;
        if (!delay) {
            if (response.status == 0)
                co_return std::unexpected(response.error);
            co_return outcome.response;
        }
        co_await sleepFor(*delay, stop, transport->closing());
    }
}

Task<Response> send(TransportPtr transport, Request request, std::stop_token stop)
{
    auto response = co_await exchange(transport, std::move(request), {}, std::move(stop));
    if (response && !response->isSuccess())
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    co_return response;
}

} // namespace cooperage::engine::contree
