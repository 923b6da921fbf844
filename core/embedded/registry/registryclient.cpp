#include "core/embedded/registry/registryclient.h"

#include "core/embedded/archive/bytestream.h"
#include "core/embedded/registry/memorybody.h"
#include "core/embedded/registry/retryafter.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

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
constexpr qint64 realProgress = 1024 * 1024;

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
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

Result<> RegistryClient::ping()
{
    MemoryBody body(1024 * 1024);
    const auto reply = exchange({m_auth.account().registry, "/v2/"}, "*/*", body, {});
    if (!reply)
        return reply.error().isTransient ? Result<>() : std::unexpected(reply.error().error);
    m_isRegistry = reply->headers.contains("docker-distribution-api-version") ||
                   reply->headers.contains("www-authenticate") ||
                   QJsonDocument::fromJson(body.bytes()).isObject();
    // What the ping is refused for need not matter to the image; the real request will tell.
    return {};
}

Result<HttpReply> RegistryClient::get(const std::string &path, const std::string &accept, BodySink &sink,
                                      const QString &what)
{
    std::chrono::milliseconds usual{500};
    qint64 before = sink.received();
    for (int count = 1;; ++count) {
        auto reply = attempt(urlOf(path), accept, sink, what);
        if (reply)
            return std::move(*reply);
        if (sink.received() - before >= realProgress) {
            count = 1;
            usual = std::chrono::milliseconds{500};
        }
        before = sink.received();
        if (!reply.error().isTransient || count >= maximumAttempts)
            return std::unexpected(reply.error().error);
        const auto jitter = std::chrono::milliseconds(QRandomGenerator::global()->bounded(100));
        if (!pause(reply.error().wait.count() > 0 ? reply.error().wait : usual + jitter))
            return std::unexpected(cancelledError());
        usual *= 2;
    }
}

std::expected<HttpReply, RegistryClient::Failure>
RegistryClient::attempt(const HttpUrl &url, const std::string &accept, BodySink &sink, const QString &what)
{
    for (int renewed = 0;; ++renewed) {
        const std::string authorization = m_auth.header();
        auto reply = exchange(url, accept, sink, authorization);
        if (!reply || reply->status == 200 || reply->status == 206)
            return reply;
        if (reply->status != 401 || renewed == 2)
            return std::unexpected(refusal(*reply, what));
        if (renewed == 1 && authorization == m_auth.header() && authorization.starts_with("Bearer "))
            return std::unexpected(Failure{denied(what)});
        if (auto answered = m_auth.renew(m_transport, *reply, authorization); !answered)
            return std::unexpected(Failure{answered.error()});
    }
}

std::expected<HttpReply, RegistryClient::Failure> RegistryClient::exchange(HttpUrl url,
                                                                           const std::string &accept,
                                                                           BodySink &sink,
                                                                           const std::string &authorization)
{
    for (int hops = 0; hops <= maximumRedirects; ++hops) {
        HttpTransport::Headers headers{{"Accept", accept}};
        if (!authorization.empty() && url.origin == m_auth.account().registry)
            headers.emplace_back("Authorization", authorization);
        if (const std::string range = sink.range(); !range.empty())
            headers.emplace_back("Range", range);
        auto reply = m_transport.get(url, headers, sink);
        if (!reply)
            return std::unexpected(Failure{reply.error().error, reply.error().isTransient});
        if (reply->status == 416) {
            sink.rangeRefused();
            continue;
        }
        // Only the registry itself may ask for the credentials.
        if (reply->status == 401 && url.origin != m_auth.account().registry)
            return std::unexpected(
                Failure{{ErrorKind::Failed,
                         ClientText::tr("The host to which the registry redirects refuses the download"),
                         QString::fromStdString(url.origin.toString())}});
        if (!isRedirect(reply->status))
            return std::move(*reply);
        const auto next = url.resolved(reply->header("location"));
        const bool isAllowed = next && (next->origin.scheme == "https" ||
                                        (url.origin.scheme == "http" && next->origin.isLoopback()));
        if (!isAllowed)
            return std::unexpected(
                Failure{{ErrorKind::Failed,
                         ClientText::tr("The registry redirects to an address that is not safe to follow"),
                         QString::fromStdString(url.origin.toString())}});
        url = *next;
    }
    return std::unexpected(Failure{{ErrorKind::Failed, ClientText::tr("The registry redirects too often"),
                                    QString::fromStdString(url.origin.toString())}});
}

Error RegistryClient::denied(const QString &what) const
{
    if (m_auth.isAnonymous())
        return {ErrorKind::Denied, ClientText::tr("It does not exist, or it is not public"), what,
                ClientText::tr("Check the name; if the image is private, sign in to its registry.")};
    return {ErrorKind::Denied, ClientText::tr("It does not exist, or this account may not read it"), what,
            ClientText::tr("Check the name, and that the account has access to the repository.")};
}

RegistryClient::Failure RegistryClient::refusal(const HttpReply &reply, const QString &what) const
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
    if (codes.isEmpty() && !m_isRegistry)
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
