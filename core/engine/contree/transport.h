#pragma once

#include "core/engine/contree/endpoint.h"

#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace cooperage::engine::contree {

struct Request
{
    QByteArray method = "GET";
    QByteArray path; ///< Encoded, from "/v1" on.
    Query query{};
    std::optional<QJsonObject> json{}; ///< The body...
    QString bodyFile{};                ///< ...or the file whose bytes are the body...
    std::optional<QByteArray> bytes{}; ///< ...or the bytes themselves.
    QByteArray accept{};
    QByteArray lastEventId{};
    std::chrono::milliseconds silence{60'000}; ///< Given up after so long without a byte moving.
    std::chrono::milliseconds stopGrace{0};    ///< After a stop the answer is still awaited for so long.
    bool retry = true;                         ///< Off: one try, whatever the retry policy says.
};

struct Response
{
    int status = 0; ///< 0: no answer, or a cut one; `error` then says why.
    QByteArray body{};
    QByteArray location{};
    QByteArray retryAfter{};
    Error error{};

    [[nodiscard]] bool isSuccess() const { return status >= 200 && status < 300; }
};

/// Takes a piece of a successful answer's body; an error ends the transfer and becomes its result.
using BodyHandler = std::function<Result<>(const QByteArray &)>;

/// The connection to one endpoint. Shared by the coroutines that use it, so that a request may outlive the
/// engine object that began it; `close` ends them all.
class Transport : public QObject
{
    Q_OBJECT

public:
    [[nodiscard]] static std::shared_ptr<Transport> create(Endpoint endpoint);

    [[nodiscard]] const Endpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] std::stop_token closing() const { return m_closing.get_token(); }
    void close() { m_closing.request_stop(); }

    [[nodiscard]] QNetworkReply *begin(const Request &request);
    /// After a connection that nobody accepted: Qt (6.8) never uses that one of its places for connections to
    /// a Unix socket again, and when all are gone its requests hang. New requests get a manager with fresh
    /// places.
    void renewConnections();

private:
    explicit Transport(Endpoint endpoint);
    [[nodiscard]] QNetworkAccessManager *newManager();

    Endpoint m_endpoint;
    QNetworkAccessManager *m_network = nullptr; ///< A child, as are...
    QList<QNetworkAccessManager *> m_retired{}; ///< ...those that may still have replies.
    std::stop_source m_closing;
};

using TransportPtr = std::shared_ptr<Transport>;

/// Sends a request, again where the retry policy allows it, and returns the answer whatever its status.
/// Without an answer the Error says why. The body of a successful answer goes to `onBody` piece by piece, if
/// given.
[[nodiscard]] Task<Response> exchange(TransportPtr transport, Request request, BodyHandler onBody,
                                      std::stop_token stop);

/// `exchange` for a request that has failed unless the status is 2xx.
[[nodiscard]] Task<Response> send(TransportPtr transport, Request request, std::stop_token stop);

} // namespace cooperage::engine::contree
