#include "core/embedded/registry/registryclient.h"

#include "core/embedded/archive/bytestream.h"
#include "core/embedded/registry/memorybody.h"
#include "core/embedded/registry/retryafter.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <algorithm>
#include <condition_variable>
#include <mutex>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct ClientText
{
    Q_DECLARE_TR_FUNCTIONS(RegistryClient)
};

constexpr int maximumRedirects = 10;
constexpr int maximumAttempts = 5;
constexpr qint64 maximumAnswer = 1024 * 1024;
constexpr qint64 realProgress = 1024 * 1024;

// With another method than GET only what keeps method and body.
bool isRedirect(int status, const std::string &method)
{
    const bool isReading = method == "GET" || method == "HEAD";
    return status == 307 || status == 308 || (isReading && (status == 301 || status == 302 || status == 303));
}

/// The registry's error codes; its messages are not shown, since a hostile one could repeat credentials in
/// them.
QString errorCodes(const HttpReply &reply)
{
    QStringList codes;
    for (const QJsonValue &error : QJsonDocument::fromJson(reply.body).object()["errors"_L1].toArray()) {
        const QString code = error["code"_L1].toString().left(40);
        if (!code.isEmpty() && std::ranges::all_of(code, [](QChar c) { return c.isUpper() || c == u'_'; }))
            codes.append(code);
    }
    return codes.join(u", "_s);
}

} // namespace

HttpUrl RegistryClient::urlOf(const std::string &path) const
{
    const RegistryAccount &account = m_auth.account();
    return {account.registry, "/v2/" + account.repository + '/' + path};
}

Result<HttpReply> RegistryClient::get(const std::string &path, const std::string &accept, BodySink &sink,
                                      const QString &what)
{
    return send({.url = urlOf(path), .what = what, .accept = accept}, sink);
}

Result<HttpReply> RegistryClient::send(const RegistryRequest &request)
{
    MemoryBody ignored(maximumAnswer);
    return send(request, ignored);
}

Result<HttpReply> RegistryClient::send(const RegistryRequest &request, BodySink &sink)
{
    std::chrono::milliseconds usual{500};
    qint64 before = sink.received();
    for (int count = 1;; ++count) {
        auto reply = attempt(request, sink);
        if (reply)
            return std::move(*reply);
        if (sink.received() - before >= realProgress) {
            count = 1;
            usual = std::chrono::milliseconds{500};
        }
        before = sink.received();
        if (!reply.error().isTransient || !request.repeats || count >= maximumAttempts)
            return std::unexpected(reply.error().error);
        const auto jitter = std::chrono::milliseconds(QRandomGenerator::global()->bounded(100));
        if (!pause(reply.error().wait.count() > 0 ? reply.error().wait : usual + jitter))
            return std::unexpected(cancelledError());
        usual *= 2;
    }
}

RegistryClient::Outcome RegistryClient::attempt(const RegistryRequest &request, BodySink &sink)
{
    for (int refusals = 0;; ++refusals) {
        const auto authorization = m_auth.header(m_transport, request.scopes);
        if (!authorization)
            return std::unexpected(authorization.error());
        auto reply = exchange(request, sink, *authorization);
        if (!reply || (reply->status >= 200 && reply->status < 300) ||
            std::ranges::contains(request.expected, reply->status))
            return reply;
        if (reply->status != 401 || refusals == 2)
            return std::unexpected(refusal(*reply, request.what));
        const auto renewed = m_auth.renew(m_transport, *reply, request.scopes, *authorization, refusals > 0);
        if (!renewed)
            return std::unexpected(renewed.error());
        if (!*renewed)
            return std::unexpected(TransportFailure{denied(request.what)});
    }
}

// Never from https to http, and by http only to where http was allowed.
std::optional<HttpUrl> RegistryClient::follow(const HttpUrl &from, const std::string &location) const
{
    const HttpOrigin &registry = m_auth.account().registry;
    const auto to = location.empty() ? std::nullopt : from.resolved(location);
    if (!to || to->origin.scheme == "https")
        return to;
    const bool isPlainHost =
        (registry.isLoopback() && to->origin.isLoopback()) || to->origin.host == registry.host;
    const bool isSafe = from.origin.scheme == "http" && registry.scheme == "http" && isPlainHost;
    return isSafe ? to : std::nullopt;
}

RegistryClient::Outcome RegistryClient::exchange(const RegistryRequest &request, BodySink &sink,
                                                 const std::string &authorization)
{
    const HttpOrigin &registry = m_auth.account().registry;
    HttpUrl url = request.url;
    const auto failed = [&url](const QString &what) {
        return std::unexpected(
            TransportFailure{{ErrorKind::Failed, what, QString::fromStdString(url.origin.toString())}});
    };
    for (int hops = 0; hops <= maximumRedirects; ++hops) {
        HttpRequest sent{request.method, url, request.headers, request.body};
        sent.headers.emplace_back("Accept", request.accept);
        if (!authorization.empty() && url.origin == registry)
            sent.headers.emplace_back("Authorization", authorization);
        if (const std::string range = sink.range(); !range.empty())
            sent.headers.emplace_back("Range", range);
        auto reply = m_transport.send(sent, sink);
        if (!reply)
            return reply;
        if (url.origin == registry)
            hear(*reply);
        if (reply->status == 416 && request.method == "GET" && !sink.range().empty()) {
            sink.rangeRefused();
            continue;
        }
        // Only the registry itself may ask for the credentials.
        if (reply->status == 401 && url.origin != registry)
            return failed(ClientText::tr("The host to which the registry redirects refuses the request"));
        if (!isRedirect(reply->status, request.method))
            return reply;
        const auto next = follow(url, reply->header("location"));
        if (!next)
            return failed(ClientText::tr("The registry redirects to an address that is not safe to follow"));
        url = *next;
    }
    return failed(ClientText::tr("The registry redirects too often"));
}

void RegistryClient::hear(const HttpReply &reply)
{
    constexpr qsizetype mostWarnings = 5;
    const auto [first, last] = reply.headers.equal_range("warning");
    for (auto header = first; header != last; ++header) {
        const std::string &value = header->second;
        const size_t begin = value.find('"');
        const size_t end = value.rfind('"');
        if (!value.starts_with("299 ") || begin == end || m_auth.holdsSecret(value))
            continue;
        QString text =
            QString::fromStdString(value.substr(begin + 1, end - begin - 1)).simplified().left(300);
        text.removeIf([](QChar c) { return !c.isPrint(); });
        if (!m_warnings.contains(text) && m_warnings.size() < mostWarnings)
            m_warnings.append(text);
    }
}

Error RegistryClient::denied(const QString &what) const
{
    if (m_auth.isAnonymous() && m_auth.account().pushes)
        return {ErrorKind::Denied, ClientText::tr("The registry does not let everybody push here"), what,
                ClientText::tr("Sign in to this registry.")};
    if (m_auth.isAnonymous())
        return {ErrorKind::Denied, ClientText::tr("It does not exist, or it is not public"), what,
                ClientText::tr("Check the name; if the image is private, sign in to its registry.")};
    if (m_auth.account().pushes)
        return {ErrorKind::Denied, ClientText::tr("This account may not push to the repository"), what,
                ClientText::tr("Check the name, and that the account may write to the repository.")};
    return {ErrorKind::Denied, ClientText::tr("It does not exist, or this account may not read it"), what,
            ClientText::tr("Check the name, and that the account has access to the repository.")};
}

TransportFailure RegistryClient::refusal(const HttpReply &reply, const QString &what) const
{
    const QString codes = errorCodes(reply);
    const int status = reply.status;
    if (status == 401 || status == 403)
        return {denied(what)};
    if (status == 429)
        return {{ErrorKind::Unreachable,
                 ClientText::tr("The registry got too many requests from this machine"), what,
                 m_auth.isAnonymous() ? ClientText::tr("Wait some minutes, or sign in for a higher limit.")
                                      : ClientText::tr("Wait some minutes and try again.")},
                true,
                retryAfter(reply.header("retry-after"))};
    if (status == 408 || (status >= 500 && status != 501))
        return {{ErrorKind::Unreachable, ClientText::tr("The registry has a problem (HTTP %1)").arg(status),
                 what, ClientText::tr("Try again later.")},
                true,
                retryAfter(reply.header("retry-after"))};
    if (codes.isEmpty() && !m_auth.account().isRegistry)
        return {{ErrorKind::Failed,
                 ClientText::tr("The host answers, but not as a container registry (HTTP %1)").arg(status),
                 what, ClientText::tr("Check the registry's host and port.")}};
    if (status == 404)
        return {{ErrorKind::NotFound, ClientText::tr("The registry has no such image or tag"), what,
                 ClientText::tr("Check the name and the tag.")}};
    return {{ErrorKind::Failed,
             ClientText::tr("The registry refuses the request (HTTP %1 %2)").arg(status).arg(codes), what,
             ClientText::tr("Check the image's name.")}};
}

bool RegistryClient::pause(std::chrono::milliseconds time) const
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, m_transport.stopToken(), time, [] { return false; });
    return !m_transport.stopToken().stop_requested();
}

} // namespace cooperage::embedded
