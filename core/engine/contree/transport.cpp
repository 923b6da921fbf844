#include "core/engine/contree/transport.h"

#include "core/engine/contree/oncebuffer.h"

#include <QFile>
#include <QHttp1Configuration>
#include <QJsonDocument>
#include <QNetworkProxy>
#include <QNetworkRequest>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static constexpr qint64 readBuffer = 1024 * 1024;
// Every running step keeps one connection for its events.
static constexpr int connectionsPerHost = 64;

Transport::Transport(Endpoint endpoint) : m_endpoint(std::move(endpoint)), m_network(newManager()) {}

QNetworkAccessManager *Transport::newManager()
{
    auto *manager = new QNetworkAccessManager(this);
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    if (m_endpoint.isLocal() || isLoopbackHost(m_endpoint.baseUrl.host()))
        manager->setProxy(QNetworkProxy::NoProxy);
    return manager;
}

void Transport::renewConnections()
{
    m_retired.append(std::exchange(m_network, newManager()));
    m_retired.removeIf([](QNetworkAccessManager *manager) {
        const bool idle = !manager->findChild<QNetworkReply *>();
        if (idle)
            manager->deleteLater();
        return idle;
    });
}

std::shared_ptr<Transport> Transport::create(Endpoint endpoint)
{
    // The last owner may be a coroutine that one of the manager's own replies is resuming.
    return {new Transport(std::move(endpoint)), [](Transport *transport) { transport->deleteLater(); }};
}

static QNetworkRequest networkRequest(const Endpoint &endpoint, const Request &request)
{
    QNetworkRequest result(endpoint.url(request.path, request.query));
    if (endpoint.isLocal())
        result.setAttribute(QNetworkRequest::FullLocalServerNameAttribute, endpoint.socketPath);
    result.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    result.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    result.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    result.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    QHttp1Configuration connections;
    connections.setNumberOfConnectionsPerHost(connectionsPerHost);
    result.setHttp1Configuration(connections);
    result.setTransferTimeout(request.silence);
    result.setRawHeader("Accept-Encoding", "identity");
    result.setRawHeader("User-Agent", userAgent());
    if (!endpoint.token.isEmpty())
        result.setRawHeader("Authorization", "Bearer " + endpoint.token);
    if (!endpoint.project.isEmpty())
        result.setRawHeader("Project", endpoint.project.toUtf8());
    if (!request.accept.isEmpty())
        result.setRawHeader("Accept", request.accept);
    if (!request.lastEventId.isEmpty())
        result.setRawHeader("Last-Event-Id", request.lastEventId);
    return result;
}

// The device of the request's body, or null where there is none (or the file cannot be read: `begin` then
// fails).
static std::unique_ptr<QIODevice> openBody(const Request &request, QNetworkRequest &head)
{
    std::unique_ptr<QIODevice> body;
    if (!request.bodyFile.isEmpty())
        body = std::make_unique<QFile>(request.bodyFile);
    else if (request.json)
        body = std::make_unique<OnceBuffer>(QJsonDocument(*request.json).toJson(QJsonDocument::Compact));
    else if (request.bytes)
        body = std::make_unique<OnceBuffer>(*request.bytes);
    else
        return nullptr;
    head.setHeader(QNetworkRequest::ContentTypeHeader,
                   request.json ? u"application/json"_s : u"application/octet-stream"_s);
    head.setHeader(QNetworkRequest::ContentLengthHeader, body->size());
    head.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    return body->open(QIODevice::ReadOnly) ? std::move(body) : nullptr;
}

QNetworkReply *Transport::begin(const Request &request)
{
    QNetworkRequest head = networkRequest(m_endpoint, request);
    std::unique_ptr<QIODevice> body = openBody(request, head);
    QNetworkReply *reply = m_network->sendCustomRequest(head, request.method, body.get());
    reply->setReadBufferSize(readBuffer);
    if (body)
        body.release()->setParent(reply);
    return reply;
}

} // namespace cooperage::engine::contree
