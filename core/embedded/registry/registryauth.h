#pragma once

#include "core/embedded/registry/authchallenge.h"
#include "core/embedded/registry/httptransport.h"

#include <mutex>
#include <optional>

namespace cooperage::embedded {

/// Who pulls, and what.
struct RegistryAccount
{
    HttpOrigin registry;
    std::string repository;
    std::string username{}; ///< Empty: anonymous.
    std::string password{};
};

/// The Authorization header for a registry: a Bearer token, fetched when the registry asks for one, or Basic.
/// Shared by the threads of one pull; only one of them fetches a token at a time.
class RegistryAuth
{
public:
    explicit RegistryAuth(RegistryAccount account) : m_account(std::move(account)) {}

    /// Empty before the registry asked for anything.
    [[nodiscard]] std::string header() const;
    /// Answers a 401: gets what the registry asks for, unless another thread has got something newer than
    /// `used`.
    [[nodiscard]] Result<> renew(HttpTransport &transport, const HttpReply &refusal, const std::string &used);

    [[nodiscard]] bool isAnonymous() const { return m_account.username.empty(); }
    [[nodiscard]] const RegistryAccount &account() const { return m_account; }

private:
    [[nodiscard]] std::string basicHeader() const;
    [[nodiscard]] Result<HttpUrl> realmOf(const AuthChallenge &challenge) const;
    [[nodiscard]] Result<std::string> fetchToken(HttpTransport &transport,
                                                 const AuthChallenge &challenge) const;
    [[nodiscard]] std::unexpected<Error> tokenRefused(int status, const QString &where) const;

    RegistryAccount m_account;
    mutable std::mutex m_mutex;
    std::string m_header;
};

/// Whether a host is a literal address of a private or link-local network.
[[nodiscard]] bool isPrivateAddress(const std::string &host);

} // namespace cooperage::embedded
