#pragma once

#include "core/engine/contree/contreeengine.h"
#include "core/engine/contree/retry.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <httplib.h>
#include <mutex>
#include <thread>

namespace cooperage::test {

/// A real HTTP server on a loopback port, or on a Unix socket; routes are set by the test before `start`.
class Loopback
{
public:
    ~Loopback()
    {
        server.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    void start(const QString &socketPath = {})
    {
        // On arrival, not by httplib's logger: that runs after the client has its answer.
        server.set_pre_routing_handler([this](const httplib::Request &request, httplib::Response &) {
            const std::lock_guard lock(m_mutex);
            m_requests.append(QString::fromStdString(request.method + ' ' + request.target));
            return httplib::Server::HandlerResponse::Unhandled;
        });
        server.set_keep_alive_timeout(1);
        if (socketPath.isEmpty()) {
            m_port = server.bind_to_any_port("127.0.0.1");
        } else {
            server.set_address_family(AF_UNIX);
            server.bind_to_port(socketPath.toStdString(), 80);
        }
        m_thread = std::thread([this] { server.listen_after_bind(); });
        server.wait_until_ready();
    }

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QString url(const QString &path = {}) const
    {
        return QStringLiteral("http://127.0.0.1:%1").arg(m_port) + path;
    }

    /// "METHOD target", in the order in which they came.
    [[nodiscard]] QStringList requests()
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    [[nodiscard]] qsizetype count(const QString &request) { return requests().count(request); }

    /// An endpoint for this server whose retries do not keep a test waiting.
    [[nodiscard]] engine::contree::Endpoint endpoint() const
    {
        engine::contree::Endpoint endpoint;
        endpoint.baseUrl = QUrl(url());
        endpoint.token = "secret-token";
        endpoint.retry = {.attempts = 4,
                          .firstDelay = std::chrono::milliseconds(5),
                          .longestDelay = std::chrono::milliseconds(20)};
        return endpoint;
    }

    httplib::Server server;

private:
    std::thread m_thread;
    std::mutex m_mutex;
    QStringList m_requests;
    int m_port = 0;
};

inline void json(httplib::Response &response, const char *text, int status = 200)
{
    response.status = status;
    response.set_content(text, "application/json");
}

/// Makes the server answer whoami with these extensions ("[]": plain v1).
inline void serveWhoami(Loopback &loopback, const std::string &extensions = "[]")
{
    loopback.server.Get("/v1/whoami", [extensions](const httplib::Request &, httplib::Response &response) {
        json(response,
             (R"({"token_uuid":"t","token_expiration":null,"permissions":{"list":true},"operations_stat":{},)"
              R"("limits":{"instance_max_timeout":1800},"extensions":)" +
              extensions + "}")
                 .c_str());
    });
}

} // namespace cooperage::test
