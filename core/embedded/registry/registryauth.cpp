#include "core/embedded/registry/registryauth.h"

#include "core/embedded/registry/memorybody.h"
#include "core/embedded/registry/retryafter.h"

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
constexpr int usualTokenLife = 60; // seconds
constexpr std::chrono::seconds tokenLifeInReserve{10};

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

RegistryAuth::RegistryAuth(RegistryAccount account) : m_account(std::move(account)) {}

std::string RegistryAuth::basicHeader() const
{
    const std::string pair = m_account.username + ':' + m_account.password;
    return "Basic " + QByteArray::fromStdString(pair).toBase64().toStdString();
}

bool RegistryAuth::holdsSecret(const std::string &text) const
{
    const std::lock_guard lock(m_mutex);
    const auto holds = [&](const std::string &secret) {
        return !secret.empty() && text.find(secret) != std::string::npos;
    };
    return holds(m_account.password) || holds(basicHeader().substr(6)) ||
           std::ranges::any_of(m_tokens, [&](const auto &entry) { return holds(entry.second.value); });
}

TokenScopes RegistryAuth::scopesFor(const TokenScopes &scopes) const
{
    TokenScopes all("repository:" + m_account.repository + (m_account.pushes ? ":pull,push" : ":pull"));
    all.add(m_asked);
    all.add(scopes);
    return all;
}

RegistryAuth::Outcome<std::string> RegistryAuth::header(HttpTransport &transport, const TokenScopes &scopes)
{
    const std::lock_guard lock(m_mutex);
    if (m_isBasic)
        return basicHeader();
    return m_realm ? bearerHeader(transport, scopesFor(scopes)) : std::string();
}

RegistryAuth::Outcome<std::string> RegistryAuth::bearerHeader(HttpTransport &transport,
                                                              const TokenScopes &scopes)
{
    Token &token = m_tokens[scopes.key()];
    if (token.end <= std::chrono::steady_clock::now()) {
        auto fetched = fetchToken(transport, scopes);
        if (!fetched)
            return std::unexpected(fetched.error());
        token = std::move(*fetched);
    }
    return "Bearer " + token.value;
}

RegistryAuth::Outcome<bool> RegistryAuth::renew(HttpTransport &transport, const HttpReply &refusal,
                                                const TokenScopes &scopes, const std::string &used,
                                                bool again)
{
    const std::lock_guard lock(m_mutex);
    const auto challenges = challengesOf(refusal);
    const auto bearer = std::ranges::find(challenges, "bearer", &AuthChallenge::scheme);
    if (bearer == challenges.end()) {
        if (std::ranges::find(challenges, "basic", &AuthChallenge::scheme) != challenges.end())
            return renewBasic(used);
        return std::unexpected(TransportFailure{
            {ErrorKind::Denied, AuthText::tr("The registry asks for a kind of sign-in that is not known"),
             QString::fromStdString(m_account.registry.toString())}});
    }
    auto realm = realmOf(*bearer);
    if (!realm)
        return std::unexpected(TransportFailure{realm.error()});
    m_realm = std::move(*realm);
    const std::string before = scopesFor(scopes).key();
    m_asked.add(parameter(*bearer, "scope"));
    const TokenScopes wanted = scopesFor(scopes);
    if (again && wanted.key() == before)
        return false;
    Token &token = m_tokens[wanted.key()];
    if ("Bearer " + token.value == used)
        token = {}; // It has been revoked, or runs out sooner than was said.
    return bearerHeader(transport, wanted).transform([](const std::string &) { return true; });
}

RegistryAuth::Outcome<bool> RegistryAuth::renewBasic(const std::string &used)
{
    const QString where = QString::fromStdString(m_account.registry.toString());
    const auto refused = [&](const QString &what, const QString &next) {
        return std::unexpected(TransportFailure{{ErrorKind::Denied, what, where, next}});
    };
    if (isAnonymous())
        return refused(AuthText::tr("The registry asks for a user name and password"),
                       AuthText::tr("Sign in to this registry."));
    if (m_account.username == identityTokenUser)
        return refused(AuthText::tr("The registry asks for a user name and password, not for a token"),
                       AuthText::tr("Sign in to this registry with both."));
    if (!used.empty())
        return refused(AuthText::tr("The registry does not accept the user name and password"),
                       AuthText::tr("Check user name and password for this registry."));
    m_isBasic = true;
    return true;
}

Result<RegistryAuth::Realm> RegistryAuth::realmOf(const AuthChallenge &challenge) const
{
    const QString where = QString::fromStdString(m_account.registry.toString());
    auto url = HttpUrl::parse(parameter(challenge, "realm"));
    if (!url)
        return failure(ErrorKind::Failed, AuthText::tr("The registry does not say where to get a token"),
                       where);
    const HttpOrigin &realm = url->origin;
    const bool isOwnMachine = realm.isLoopback() && m_account.registry.isLoopback();
    // Where the user allowed plain http, it is allowed for the registry's own host and no other.
    const bool isPlainHost = m_account.registry.scheme == "http" && realm.host == m_account.registry.host;
    if (realm.scheme != "https" && !isOwnMachine && !isPlainHost)
        return failure(ErrorKind::Failed,
                       AuthText::tr("The registry asks to sign in over an unencrypted connection"), where,
                       AuthText::tr("Ask the registry's operator to offer https."));
    // The address comes from the registry: it must not make this machine call into its own network.
    if ((isPrivateAddress(realm.host) || realm.isLoopback()) && !isOwnMachine &&
        realm.host != m_account.registry.host)
        return failure(ErrorKind::Failed,
                       AuthText::tr("The registry sends to an address of a private network for sign-in"),
                       where, AuthText::tr("Ask the registry's operator to use a host name."));
    return Realm{*url, parameter(challenge, "service")};
}

/// A GET with Basic, or a POST of an identity token (OAuth 2).
HttpRequest RegistryAuth::tokenRequest(const TokenScopes &scopes, HttpBody &form) const
{
    HttpRequest request{.url = m_realm->url};
    if (m_account.username == identityTokenUser) {
        std::string joined;
        for (const std::string &scope : scopes.list())
            joined += (joined.empty() ? "" : " ") + scope;
        form.type = "application/x-www-form-urlencoded";
        form.bytes = QByteArray::fromStdString(
            "grant_type=refresh_token&client_id=cooperage&service=" + queryEncoded(m_realm->service) +
            "&scope=" + queryEncoded(joined) + "&refresh_token=" + queryEncoded(m_account.password));
        request.method = "POST";
        request.body = &form;
        return request;
    }
    std::string &target = request.url.target;
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += "service=" + queryEncoded(m_realm->service);
    for (const std::string &scope : scopes.list())
        target += "&scope=" + queryEncoded(scope);
    if (!isAnonymous())
        request.headers.emplace_back("Authorization", basicHeader());
    return request;
}

RegistryAuth::Outcome<RegistryAuth::Token> RegistryAuth::fetchToken(HttpTransport &transport,
                                                                    const TokenScopes &scopes) const
{
    MemoryBody body(maximumTokenReply);
    HttpBody form;
    const auto reply = transport.send(tokenRequest(scopes, form), body);
    if (!reply)
        return std::unexpected(reply.error());
    const QString where = QString::fromStdString(m_realm->url.origin.toString());
    if (reply->status != 200)
        return std::unexpected(tokenRefused(*reply, where));
    const QJsonObject object = QJsonDocument::fromJson(body.bytes()).object();
    const QString token = object["token"_L1].toString(object["access_token"_L1].toString());
    const bool isClean = std::ranges::all_of(token, [](QChar c) { return c > u' ' && c < QChar(127); });
    if (token.isEmpty() || !isClean)
        return std::unexpected(TransportFailure{
            {ErrorKind::Failed, AuthText::tr("The registry's sign-in service gave no token"), where}});
    const int said = object["expires_in"_L1].toInt();
    const std::chrono::milliseconds life = std::chrono::seconds(said > 0 ? said : usualTokenLife);
    return Token{token.toStdString(),
                 std::chrono::steady_clock::now() + std::max(life - tokenLifeInReserve, life / 2)};
}

TransportFailure RegistryAuth::tokenRefused(const HttpReply &reply, const QString &where) const
{
    const int status = reply.status;
    if (status == 429)
        return {{ErrorKind::Unreachable, AuthText::tr("The registry's sign-in service got too many requests"),
                 where, AuthText::tr("Wait some minutes and try again.")},
                true,
                retryAfter(reply.header("retry-after"))};
    if (status >= 500)
        return {{ErrorKind::Unreachable,
                 AuthText::tr("The registry's sign-in service has a problem (HTTP %1)").arg(status), where,
                 AuthText::tr("Try again later.")},
                true,
                retryAfter(reply.header("retry-after"))};
    // OAuth has 400 for a token that is not valid.
    const bool isToken = m_account.username == identityTokenUser;
    if (status != 401 && status != 403 && !(isToken && status == 400))
        return {{ErrorKind::Failed,
                 AuthText::tr("The registry's sign-in service failed (HTTP %1)").arg(status), where,
                 AuthText::tr("Try again later.")}};
    if (isAnonymous())
        return {{ErrorKind::Denied, AuthText::tr("The registry asks for a sign-in"), where,
                 AuthText::tr("Sign in to this registry.")}};
    if (isToken)
        return {{ErrorKind::Denied, AuthText::tr("The registry does not accept the identity token"), where,
                 AuthText::tr("Sign in to this registry again.")}};
    return {{ErrorKind::Denied, AuthText::tr("The registry does not accept the user name and password"),
             where, AuthText::tr("Check user name and password for this registry.")}};
}

} // namespace cooperage::embedded
