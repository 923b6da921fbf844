#include "core/embedded/registry/registryauth.h"

#include "core/embedded/registry/memorybody.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <arpa/inet.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct AuthText
{
    Q_DECLARE_TR_FUNCTIONS(RegistryAuth)
};

constexpr qint64 maximumTokenReply = 1024 * 1024;

std::vector<AuthChallenge> challengesOf(const HttpReply &refusal)
{
    std::vector<AuthChallenge> challenges;
    const auto [first, last] = refusal.headers.equal_range("www-authenticate");
    for (auto header = first; header != last; ++header)
        std::ranges::move(parseChallenges(header->second), std::back_inserter(challenges));
    return challenges;
}

std::string parameter(const AuthChallenge &challenge, const std::string &name)
{
    const auto found = challenge.parameters.find(name);
    return found == challenge.parameters.end() ? std::string() : found->second;
}

} // namespace

bool isPrivateAddress(const std::string &host)
{
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
        const quint32 address = ntohl(v4.s_addr);
        return address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8 ||
               address >> 16 == 0xa9fe || address >> 24 == 127 || address >> 24 == 0;
    }
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_LINKLOCAL(&v6) || IN6_IS_ADDR_V4MAPPED(&v6) ||
           (v6.s6_addr[0] & 0xfe) == 0xfc || IN6_IS_ADDR_UNSPECIFIED(&v6);
}

std::string RegistryAuth::header() const
{
    const std::lock_guard lock(m_mutex);
    return m_header;
}

std::string RegistryAuth::basicHeader() const
{
    const std::string pair = m_account.username + ':' + m_account.password;
    return "Basic " + QByteArray::fromStdString(pair).toBase64().toStdString();
}

Result<> RegistryAuth::renew(HttpTransport &transport, const HttpReply &refusal, const std::string &used)
{
    const std::lock_guard lock(m_mutex);
    if (m_header != used)
        return {};
    const QString where = QString::fromStdString(m_account.registry.toString());
    const auto challenges = challengesOf(refusal);
    const auto bearer = std::ranges::find(challenges, "bearer", &AuthChallenge::scheme);
    if (bearer != challenges.end()) {
        const auto token = fetchToken(transport, *bearer);
        if (!token)
            return std::unexpected(token.error());
        m_header = "Bearer " + *token;
        return {};
    }
    if (std::ranges::find(challenges, "basic", &AuthChallenge::scheme) == challenges.end())
        return failure(ErrorKind::Denied,
                       AuthText::tr("The registry asks for a kind of sign-in that is not known"), where);
    if (isAnonymous())
        return failure(ErrorKind::Denied, AuthText::tr("The registry asks for a user name and password"),
                       where, AuthText::tr("Sign in to this registry."));
    if (!used.empty())
        return failure(ErrorKind::Denied,
                       AuthText::tr("The registry does not accept the user name and password"), where,
                       AuthText::tr("Check user name and password for this registry."));
    m_header = basicHeader();
    return {};
}

Result<HttpUrl> RegistryAuth::realmOf(const AuthChallenge &challenge) const
{
    const QString where = QString::fromStdString(m_account.registry.toString());
    auto url = HttpUrl::parse(parameter(challenge, "realm"));
    if (!url)
        return failure(ErrorKind::Failed, AuthText::tr("The registry does not say where to get a token"),
                       where);
    const HttpOrigin &realm = url->origin;
    const bool isOwnMachine = realm.isLoopback() && m_account.registry.isLoopback();
    if (realm.scheme != "https" && !isOwnMachine)
        return failure(ErrorKind::Failed,
                       AuthText::tr("The registry asks to sign in over an unencrypted connection"), where,
                       AuthText::tr("Ask the registry's operator to offer https."));
    // The address comes from the registry: it must not make this machine call into its own network.
    if ((isPrivateAddress(realm.host) || realm.isLoopback()) && !isOwnMachine &&
        realm.host != m_account.registry.host)
        return failure(ErrorKind::Failed,
                       AuthText::tr("The registry sends to an address of a private network for sign-in"),
                       where, AuthText::tr("Ask the registry's operator to use a host name."));
    return *url;
}

Result<std::string> RegistryAuth::fetchToken(HttpTransport &transport, const AuthChallenge &challenge) const
{
    auto url = realmOf(challenge);
    if (!url)
        return std::unexpected(url.error());
    const std::string scope = "repository:" + m_account.repository + ":pull";
    const std::string asked = parameter(challenge, "scope");
    std::string &target = url->target;
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += "service=" + queryEncoded(parameter(challenge, "service")) + "&scope=" + queryEncoded(scope);
    if (!asked.empty() && asked != scope)
        target += "&scope=" + queryEncoded(asked);
    HttpTransport::Headers headers;
    if (!isAnonymous())
        headers.emplace_back("Authorization", basicHeader());
    MemoryBody body(maximumTokenReply);
    const auto reply = transport.get(*url, headers, body);
    if (!reply)
        return std::unexpected(reply.error().error);
    const QString where = QString::fromStdString(url->origin.toString());
    if (reply->status != 200)
        return tokenRefused(reply->status, where);
    const QJsonObject object = QJsonDocument::fromJson(body.bytes()).object();
    const QString token = object["token"_L1].toString(object["access_token"_L1].toString());
    const bool isClean = std::ranges::all_of(token, [](QChar c) { return c > u' ' && c < QChar(127); });
    if (token.isEmpty() || !isClean)
        return failure(ErrorKind::Failed, AuthText::tr("The registry's sign-in service gave no token"),
                       where);
    return token.toStdString();
}

std::unexpected<Error> RegistryAuth::tokenRefused(int status, const QString &where) const
{
    if (status == 429)
        return failure(ErrorKind::Unreachable,
                       AuthText::tr("The registry's sign-in service got too many requests"), where,
                       AuthText::tr("Wait some minutes and try again."));
    if (status != 401 && status != 403)
        return failure(ErrorKind::Failed,
                       AuthText::tr("The registry's sign-in service failed (HTTP %1)").arg(status), where,
                       AuthText::tr("Try again later."));
    if (isAnonymous())
        return failure(ErrorKind::Denied, AuthText::tr("The registry asks for a sign-in"), where,
                       AuthText::tr("Sign in to this registry."));
    return failure(ErrorKind::Denied, AuthText::tr("The registry does not accept the user name and password"),
                   where, AuthText::tr("Check user name and password for this registry."));
}

} // namespace cooperage::embedded
