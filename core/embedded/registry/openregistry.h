#pragma once

#include "core/embedded/archive/platform.h"
#include "core/embedded/registry/registryauth.h"
#include "core/images/reference.h"

namespace cooperage::embedded {

/// Which registry, and who asks.
struct RegistryAccess
{
    images::Reference reference;
    QString username{}; ///< Empty: anonymous; "<token>": `password` is an identity token.
    QString password{};
    bool plainHttp = false; ///< Unencrypted where https is not answered; on loopback always allowed.
    bool pushes = false;
    std::optional<Platform> platform{}; ///< Of the image that is fetched; else this machine's.
};

/// The repository as the store's table of blobs has it: "docker.io/library/ubuntu".
[[nodiscard]] inline QString blobRepository(const images::Reference &reference)
{
    return reference.host + u'/' + reference.repository;
}

/// Finds out by `/v2/` how a registry is spoken to: by https, or by http where that is allowed. No
/// credentials are sent. Fails if the host cannot be reached; what `/v2/` itself is refused for does not
/// matter.
[[nodiscard]] Result<RegistryAccount> openRegistry(const RegistryAccess &access, std::stop_token stop);

} // namespace cooperage::embedded
