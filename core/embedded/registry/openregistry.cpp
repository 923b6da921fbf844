#include "core/embedded/registry/openregistry.h"

#include "core/embedded/registry/memorybody.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace cooperage::embedded {

namespace {

constexpr qint64 maximumAnswer = 1024 * 1024;

enum class Answer { None, Registry, OtherServer, WantsHttps };

std::expected<Answer, TransportFailure> ask(HttpTransport &transport, const HttpOrigin &origin)
{
    MemoryBody body(maximumAnswer);
    const auto reply = transport.send({.url = {origin, "/v2/"}, .headers = {{"Accept", "*/*"}}}, body);
    if (!reply)
        return std::unexpected(reply.error());
    if (origin.scheme == "http" && reply->status == 400 && reply->body.contains("HTTPS"))
        return Answer::WantsHttps;
    const bool isRegistry = reply->headers.contains("docker-distribution-api-version") ||
                            reply->headers.contains("www-authenticate") ||
                            QJsonDocument::fromJson(body.bytes()).isObject();
    return isRegistry ? Answer::Registry : Answer::OtherServer;
}

// In the order in which they are tried: registries of this machine usually have no certificate.
std::vector<std::string> schemesFor(const RegistryAccess &access)
{
    if (access.reference.isLoopback())
        return {"http", "https"};
    if (access.plainHttp)
        return {"https", "http"};
    return {"https"};
}

} // namespace

Result<RegistryAccount> openRegistry(const RegistryAccess &access, std::stop_token stop)
{
    const images::Reference &reference = access.reference;
    HttpTransport transport(std::move(stop));
    std::optional<HttpOrigin> doubtful;
    Error problem;
    RegistryAccount account{.registry = {},
                            .repository = reference.repository.toStdString(),
                            .username = access.username.toStdString(),
                            .password = access.password.toStdString(),
                            .pushes = access.pushes};
    for (const std::string &scheme : schemesFor(access)) {
        const auto url = HttpUrl::parse(scheme + "://" + reference.apiHost().toStdString());
        if (!url)
            return failure(
                ErrorKind::BadInput,
                QCoreApplication::translate("OpenRegistry", "The registry's name is not a valid host"),
                reference.host);
        const auto answer = ask(transport, url->origin);
        account.registry = url->origin;
        account.isRegistry = answer.value_or(Answer::None) == Answer::Registry;
        if (answer && *answer != Answer::WantsHttps)
            return account;
        if (!answer && answer.error().error.kind == ErrorKind::Cancelled)
            return std::unexpected(answer.error().error);
        if (!answer && answer.error().isTransient)
            doubtful = url->origin;
        else if (!answer)
            problem = answer.error().error;
    }
    // A connection that broke off may hold the next time.
    if (!doubtful)
        return std::unexpected(problem);
    account.registry = *doubtful;
    account.isRegistry = true;
    return account;
}

} // namespace cooperage::embedded
