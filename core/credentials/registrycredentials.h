#pragma once

#include "core/engine/engine.h"

#include <optional>

namespace cooperage::credentials {

/// The account for the registry of an image, from where Docker and Podman keep theirs; nothing if there is
/// none. In this order: the variable DOCKER_AUTH_CONFIG, `config.json` in $DOCKER_CONFIG or ~/.docker,
/// `containers/auth.json` in $XDG_RUNTIME_DIR; in each of them first the helper of the registry
/// (credHelpers), then the one for all (credsStore), then the accounts in the file (auths). Nothing is ever
/// written, and nobody waits on the calling thread.
///
/// An error says that a place cannot be read and that no other knows the registry. It is no reason to give
/// up: most images need no account. Callers show it and go on without one.
[[nodiscard]] engine::Task<std::optional<engine::Credentials>> registryCredentials(QString reference,
                                                                                   std::stop_token stop = {});

} // namespace cooperage::credentials
