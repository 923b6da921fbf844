#pragma once

#include "core/base/error.h"
#include "core/embedded/server/connections.h"
#include "core/embedded/server/connectionthreads.h"
#include "core/embedded/server/router.h"
#include "core/embedded/store/fd.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <httplib.h>
#include <thread>

namespace cooperage::embedded {

/// One listening socket of the server, with its own accepting thread.
class HttpListener : private httplib::Server
{
public:
    /// Over the Unix socket at `path`: whoever reaches it is this user. A client is waited for as long as
    /// `patience` (PacedStream).
    HttpListener(const Router &router, Activity &activity, std::chrono::milliseconds patience);
    /// Over TCP: only with this bearer token, and only asked for by a loopback name.
    HttpListener(const Router &router, Activity &activity, std::chrono::milliseconds patience,
                 QByteArray token);
    ~HttpListener() override;

    [[nodiscard]] Result<> listenOnSocket(const QString &path);
    /// `host` must be a loopback address or `localhost`.
    [[nodiscard]] Result<> listenOnPort(const QString &host, int port);
    /// Stops accepting and ends the connections: replies under way get half a second.
    void stopListening();

private:
    void configure(const Router &router, Activity &activity);
    void startAccepting();
    bool process_and_close_socket(int socket) override;
    void answerRefusal(const httplib::Request &request, httplib::Response &response) const;
    [[nodiscard]] HandlerResponse guard(const httplib::Request &request, httplib::Response &response) const;
    [[nodiscard]] bool isAuthorised(const httplib::Request &request) const;

    const bool m_local;
    const std::chrono::milliseconds m_patience;
    const QByteArray m_token{};
    const Fd m_stopping; ///< An eventfd, readable once this stops.
    Connections m_connections{};
    std::thread m_accepting{};
};

} // namespace cooperage::embedded
