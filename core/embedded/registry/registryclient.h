#pragma once

#include "core/embedded/registry/registryauth.h"

#include <chrono>

namespace cooperage::embedded {

/// GET requests to one registry: signs in when asked, follows redirects, tries again what may pass. The
/// Authorization header goes to the registry's own scheme, host and port only. One per thread; the
/// RegistryAuth is shared.
class RegistryClient
{
public:
    RegistryClient(RegistryAuth &auth, std::stop_token stop) : m_auth(auth), m_transport(std::move(stop)) {}

    /// Asks `/v2/`: fails if the host cannot be reached, and lets a later refusal tell a host that is no
    /// registry.
    [[nodiscard]] Result<> ping();
    /// `path` is below the repository: "manifests/latest". `what` names it in errors. Returns the final reply
    /// (200 or 206), whose body went to the sink.
    [[nodiscard]] Result<HttpReply> get(const std::string &path, const std::string &accept, BodySink &sink,
                                        const QString &what);

private:
    struct Failure
    {
        Error error;
        bool isTransient = false;
        std::chrono::milliseconds wait{}; ///< As the server asked; 0: as usual.
    };

    [[nodiscard]] std::expected<HttpReply, Failure> attempt(const HttpUrl &url, const std::string &accept,
                                                            BodySink &sink, const QString &what);
    /// One request, through all its redirects.
    [[nodiscard]] std::expected<HttpReply, Failure>
    exchange(HttpUrl url, const std::string &accept, BodySink &sink, const std::string &authorization);
    [[nodiscard]] HttpUrl urlOf(const std::string &path) const;
    [[nodiscard]] Failure refusal(const HttpReply &reply, const QString &what) const;
    [[nodiscard]] Error denied(const QString &what) const;
    [[nodiscard]] bool pause(std::chrono::milliseconds time) const;

    RegistryAuth &m_auth;
    HttpTransport m_transport;
    bool m_isRegistry = true;
};

} // namespace cooperage::embedded
