#pragma once

#include "core/embedded/registry/httptransport.h"
#include "core/embedded/registry/tokenscopes.h"
#include "core/images/authchallenge.h"

#include <chrono>
#include <mutex>
#include <optional>

namespace cooperage::embedded {

using images::AuthChallenge;
using images::parseChallenges;

/// The user name that stands for an identity token in place of a password, as credential helpers have it.
inline constexpr char identityTokenUser[] = "<token>";

/// Who pulls or pushes, and what.
struct RegistryAccount
{
    HttpOrigin registry;
    std::string repository;
    std::string username{}; ///< Empty: anonymous.
    std::string password{};
    bool pushes = false;
    bool isRegistry = true; ///< Its answer to `/v2/` looked like one.
};

/// The Authorization header for a registry: a Bearer token, fetched when the registry asks for one and kept
/// until it runs out, or Basic. Shared by the threads of one pull or push; only one of them fetches a token
/// at a time.
class RegistryAuth
{
public:
    explicit RegistryAuth(RegistryAccount account);

    template <typename T>
    using Outcome = std::expected<T, TransportFailure>;

    /// The header for a request that needs `scopes` beside those of the repository. Empty before the registry
    /// asked for anything.
    [[nodiscard]] Outcome<std::string> header(HttpTransport &transport, const TokenScopes &scopes);
    /// Answers a 401 to a request that was sent with the header `used`: gets what the registry asks for,
    /// unless another thread has got it meanwhile. False if the registry refuses what it asked for; `again`
    /// says that it did so before.
    [[nodiscard]] Outcome<bool> renew(HttpTransport &transport, const HttpReply &refusal,
                                      const TokenScopes &scopes, const std::string &used, bool again);

    [[nodiscard]] bool isAnonymous() const { return m_account.username.empty(); }
    [[nodiscard]] const RegistryAccount &account() const { return m_account; }
    /// Whether a text holds the password or a token.
    [[nodiscard]] bool holdsSecret(const std::string &text) const;

private:
    struct Realm
    {
        HttpUrl url;
        std::string service;
    };
    struct Token
    {
        std::string value;
        std::chrono::steady_clock::time_point end;
    };

    [[nodiscard]] std::string basicHeader() const;
    [[nodiscard]] Outcome<bool> renewBasic(const std::string &used);
    [[nodiscard]] Result<Realm> realmOf(const AuthChallenge &challenge) const;
    [[nodiscard]] TokenScopes scopesFor(const TokenScopes &scopes) const;
    [[nodiscard]] Outcome<std::string> bearerHeader(HttpTransport &transport, const TokenScopes &scopes);
    [[nodiscard]] Outcome<Token> fetchToken(HttpTransport &transport, const TokenScopes &scopes) const;
    [[nodiscard]] HttpRequest tokenRequest(const TokenScopes &scopes, HttpBody &form) const;
    [[nodiscard]] TransportFailure tokenRefused(const HttpReply &reply, const QString &where) const;

    RegistryAccount m_account;
    mutable std::mutex m_mutex;
    bool m_isBasic = false;
    std::optional<Realm> m_realm;
    TokenScopes m_asked;                   ///< What the registry asked for by itself.
    std::map<std::string, Token> m_tokens; ///< By the scopes' key.
};

/// Whether a host is a literal address of a private or link-local network.
[[nodiscard]] bool isPrivateAddress(const std::string &host);

} // namespace cooperage::embedded
