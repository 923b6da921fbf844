#pragma once

#include "core/engine/contree/endpoint.h"

#include <QUrl>

#include <chrono>
#include <functional>
#include <httplib.h>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

/// What transfers of large bodies have in common: blocking HTTP clients that a stop token can end.
namespace cooperage::engine::contree {

/// How long either end may keep silent.
inline constexpr std::chrono::seconds blockingSilence{60};

/// Ends a client's blocking calls, the connecting included, when `stop` is triggered. (httplib's own `stop`
/// waits for a connection that is being made.)
class Interrupter
{
public:
    Interrupter(httplib::Client &client, std::stop_token stop);
    ~Interrupter();
    Interrupter(const Interrupter &) = delete;
    Interrupter &operator=(const Interrupter &) = delete;

private:
    void remember(socket_t socket);
    void shutDown();

    std::mutex m_mutex;
    int m_socket = -1; ///< A duplicate: the client may close its own at any time.
    std::stop_token m_stop;
    std::optional<std::stop_callback<std::function<void()>>> m_callback;
};

/// A client for the URL's host, by the proxy that the program's settings name for it.
[[nodiscard]] std::unique_ptr<httplib::Client> clientFor(const QUrl &url);

/// A client for the engine, and what each of its requests carries.
[[nodiscard]] std::unique_ptr<httplib::Client> engineClient(const Endpoint &endpoint);
[[nodiscard]] httplib::Headers engineHeaders(const Endpoint &endpoint);

/// The URL without user, password and query: for messages.
[[nodiscard]] QString displayUrl(const QUrl &url);

} // namespace cooperage::engine::contree
