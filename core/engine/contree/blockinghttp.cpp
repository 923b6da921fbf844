#include "core/engine/contree/blockinghttp.h"

#include <QNetworkProxyFactory>
#include <QNetworkProxyQuery>

#include <sys/socket.h>
#include <unistd.h>

namespace cooperage::engine::contree {

Interrupter::Interrupter(httplib::Client &client, std::stop_token stop) : m_stop(std::move(stop))
{
    client.set_socket_options([this](socket_t socket) { remember(socket); });
    m_callback.emplace(m_stop, [this] { shutDown(); });
}

Interrupter::~Interrupter()
{
    m_callback.reset();
    if (m_socket >= 0)
        ::close(m_socket);
}

void Interrupter::remember(socket_t socket)
{
    const std::lock_guard lock(m_mutex);
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = ::dup(socket);
    if (m_stop.stop_requested())
        ::shutdown(m_socket, SHUT_RDWR);
}

void Interrupter::shutDown()
{
    const std::lock_guard lock(m_mutex);
    if (m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

static void applyProxy(httplib::Client &client, const QUrl &url)
{
    if (isLoopbackHost(url.host()))
        return;
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::proxyForQuery(QNetworkProxyQuery(url));
    for (const QNetworkProxy &proxy : proxies) {
        if (proxy.type() == QNetworkProxy::HttpProxy || proxy.type() == QNetworkProxy::HttpCachingProxy) {
            client.set_proxy(proxy.hostName().toStdString(), proxy.port());
            if (!proxy.user().isEmpty())
                client.set_proxy_basic_auth(proxy.user().toStdString(), proxy.password().toStdString());
            return;
        }
        if (proxy.type() == QNetworkProxy::NoProxy)
            return;
    }
}

std::unique_ptr<httplib::Client> clientFor(const QUrl &url)
{
    const QByteArray origin =
        url.toEncoded(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    auto client = std::make_unique<httplib::Client>(origin.toStdString());
    applyProxy(*client, url);
    return client;
}

std::unique_ptr<httplib::Client> engineClient(const Endpoint &endpoint)
{
    std::unique_ptr<httplib::Client> client;
    if (endpoint.isLocal()) {
        client = std::make_unique<httplib::Client>(endpoint.socketPath.toStdString());
        client->set_address_family(AF_UNIX);
    } else {
        client = clientFor(endpoint.baseUrl);
    }
    client->set_url_encode(false);
    client->set_write_timeout(blockingSilence);
    return client;
}

httplib::Headers engineHeaders(const Endpoint &endpoint)
{
    httplib::Headers headers{{"User-Agent", userAgent().toStdString()}, {"Accept-Encoding", "identity"}};
    if (endpoint.isLocal())
        headers.emplace("Host", "localhost");
    if (!endpoint.token.isEmpty())
        headers.emplace("Authorization", "Bearer " + endpoint.token.toStdString());
    if (!endpoint.project.isEmpty())
        headers.emplace("Project", endpoint.project.toStdString());
    return headers;
}

QString displayUrl(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace cooperage::engine::contree
