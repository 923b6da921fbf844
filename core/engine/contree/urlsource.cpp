#include "core/engine/contree/urlsource.h"

#include "core/engine/contree/blockinghttp.h"
#include "core/engine/contree/endpoint.h"
#include "core/engine/contree/errors.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Engine)
};

/// What one server of a chain of redirections said.
struct Hop
{
    SourceHead head{};
    QByteArray location{};
    qint64 received = 0;
    httplib::Error error = httplib::Error::Success;
    bool refusedByHandler = false;
};

} // namespace

static constexpr int longestChain = 10;

static QString header(const httplib::Response &response, const char *name)
{
    return QString::fromStdString(response.get_header_value(name));
}

static SourceHead headOf(const httplib::Response &response)
{
    bool known = false;
    const qint64 length = header(response, "Content-Length").toLongLong(&known);
    return {.status = response.status,
            .length = known && length >= 0 && !response.has_header("Transfer-Encoding") ? length : -1,
            .validators = {header(response, "ETag"), header(response, "Last-Modified"),
                           header(response, "Content-MD5")}};
}

static httplib::Headers headersOf(const SourceRequest &request)
{
    httplib::Headers headers{
        {"User-Agent", userAgent().toStdString()}, {"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
    if (!request.headOnly && !request.known.etag.isEmpty())
        headers.emplace("If-None-Match", request.known.etag.toStdString());
    if (!request.headOnly && !request.known.lastModified.isEmpty())
        headers.emplace("If-Modified-Since", request.known.lastModified.toStdString());
    return headers;
}

static std::string targetOf(const QUrl &url)
{
    QByteArray target = url.path(QUrl::FullyEncoded).toUtf8();
    if (target.isEmpty())
        target = "/";
    if (url.hasQuery())
        target += '?' + url.query(QUrl::FullyEncoded).toUtf8();
    return target.toStdString();
}

static Hop ask(const QUrl &url, const SourceRequest &request, const SourceHandlers &handlers,
               const std::stop_token &stop)
{
    const std::unique_ptr<httplib::Client> client = clientFor(url);
    client->set_follow_location(false);
    client->set_url_encode(false);
    client->set_decompress(false);
    client->set_connection_timeout(std::chrono::seconds(20));
    client->set_read_timeout(blockingSilence);
    client->set_write_timeout(blockingSilence);
    if (!url.userName().isEmpty())
        client->set_basic_auth(url.userName().toStdString(), url.password().toStdString());
    const Interrupter interrupter(*client, stop);

    Hop hop;
    const auto onResponse = [&](const httplib::Response &response) {
        hop.head = headOf(response);
        hop.location = QByteArray::fromStdString(response.get_header_value("Location"));
        if (response.status != 200)
            return response.status == 304; // Nobody reads an error's page.
        hop.refusedByHandler = handlers.onHead && !handlers.onHead(hop.head);
        return !hop.refusedByHandler;
    };
    const auto onBytes = [&](const char *data, size_t size) {
        hop.received += static_cast<qint64>(size);
        hop.refusedByHandler = handlers.onBytes && !handlers.onBytes(data, size);
        return !hop.refusedByHandler;
    };
    if (request.headOnly) {
        const httplib::Result result = client->Head(targetOf(url), headersOf(request));
        if (result)
            onResponse(*result);
        hop.error = result.error();
    } else {
        hop.error = client->Get(targetOf(url), headersOf(request), onResponse, onBytes).error();
    }
    return hop;
}

static Result<QUrl> nextUrl(const QUrl &url, const Hop &hop)
{
    const QUrl next = url.resolved(QUrl::fromEncoded(hop.location));
    const bool web = next.scheme() == "http"_L1 || next.scheme() == "https"_L1;
    if (hop.location.isEmpty() || !web || next.host().isEmpty())
        return failure(ErrorKind::Failed, Texts::tr("The web server redirects to no web address"),
                       displayUrl(url));
    return next;
}

static Error errorOfSource(const QUrl &url, const Hop &hop)
{
    const QString where = displayUrl(url);
    const int status = hop.head.status;
    if (status == 404 || status == 410)
        return {ErrorKind::NotFound,
                Texts::tr("invalid response status %1: the web server has nothing there").arg(status), where,
                Texts::tr("Check the URL.")};
    if (status == 401 || status == 403)
        return {ErrorKind::Denied,
                Texts::tr("invalid response status %1: the web server refuses this download").arg(status),
                where};
    if (status != 0 && status != 200)
        return {ErrorKind::Failed, Texts::tr("invalid response status %1").arg(status), where};
    if (status == 200)
        return {ErrorKind::Unreachable,
                Texts::tr("The download was cut off after %1 bytes").arg(hop.received), where,
                Texts::tr("Try again.")};
    return {ErrorKind::Unreachable,
            Texts::tr("The web server cannot be reached: %1")
                .arg(QString::fromStdString(httplib::to_string(hop.error))),
            where, Texts::tr("Check the URL and the network, then try again.")};
}

static bool isWhole(const Hop &hop, bool headOnly)
{
    if (hop.error != httplib::Error::Success)
        return false;
    if (hop.head.status == 304)
        return true;
    return hop.head.status == 200 && (headOnly || hop.head.length < 0 || hop.received == hop.head.length);
}

Result<SourceHead> readSource(const SourceRequest &request, const SourceHandlers &handlers,
                              const std::stop_token &stop)
{
    QUrl url = request.url;
    for (int hops = 0; hops <= longestChain; ++hops) {
        const Hop hop = ask(url, request, handlers, stop);
        if (stop.stop_requested() || hop.refusedByHandler)
            return std::unexpected(cancelledError());
        const int status = hop.head.status;
        if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
            const auto next = nextUrl(url, hop);
            if (!next)
                return std::unexpected(next.error());
            url = *next;
            continue;
        }
        if (isWhole(hop, request.headOnly))
            return hop.head;
        return std::unexpected(errorOfSource(url, hop));
    }
    return failure(ErrorKind::Failed,
                   Texts::tr("The web server redirects more than %1 times").arg(longestChain),
                   displayUrl(request.url));
}

} // namespace cooperage::engine::contree
