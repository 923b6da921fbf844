#pragma once

#include "core/embedded/registry/registryauth.h"

#include <QStringList>

namespace cooperage::embedded {

/// One request to a registry.
struct RegistryRequest
{
    std::string method = "GET";
    HttpUrl url;
    QString what; ///< Names it in errors.
    std::string accept = "*/*";
    HttpHeaders headers{};
    const HttpBody *body = nullptr;
    TokenScopes scopes{};        ///< Beside those of the repository.
    std::vector<int> expected{}; ///< Statuses beside 200 to 299 that are answers and no errors.
    bool repeats = true;         ///< Tried again after failures that may pass.
};

/// Requests to one registry: signs in when asked, follows redirects, tries again what may pass. The
/// Authorization header goes to the registry's own scheme, host and port only. One per thread; the
/// RegistryAuth is shared.
class RegistryClient
{
public:
    RegistryClient(RegistryAuth &auth, std::stop_token stop) : m_auth(auth), m_transport(std::move(stop)) {}

    /// `path` is below the repository: "manifests/latest".
    [[nodiscard]] HttpUrl urlOf(const std::string &path) const;
    /// Returns the final reply; the body of one of status 200 or 206 went to the sink.
    [[nodiscard]] Result<HttpReply> send(const RegistryRequest &request, BodySink &sink);
    /// The same for replies without a body that matters.
    [[nodiscard]] Result<HttpReply> send(const RegistryRequest &request);
    [[nodiscard]] Result<HttpReply> get(const std::string &path, const std::string &accept, BodySink &sink,
                                        const QString &what);

    /// Where a Location header leads to from `from`; nothing if that is not safe to follow.
    [[nodiscard]] std::optional<HttpUrl> follow(const HttpUrl &from, const std::string &location) const;
    /// False if it was stopped meanwhile.
    [[nodiscard]] bool pause(std::chrono::milliseconds time) const;

    /// What the registry has to say to people (RFC 7234 Warning headers with code 299), each once.
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }

private:
    using Outcome = std::expected<HttpReply, TransportFailure>;

    [[nodiscard]] Outcome attempt(const RegistryRequest &request, BodySink &sink);
    /// One request, through all its redirects.
    [[nodiscard]] Outcome exchange(const RegistryRequest &request, BodySink &sink,
                                   const std::string &authorization);
    [[nodiscard]] TransportFailure refusal(const HttpReply &reply, const QString &what) const;
    [[nodiscard]] Error denied(const QString &what) const;
    void hear(const HttpReply &reply);

    RegistryAuth &m_auth;
    HttpTransport m_transport;
    QStringList m_warnings;
};

} // namespace cooperage::embedded
