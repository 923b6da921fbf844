#pragma once

#include "core/credentials/secretstore.h"

namespace cooperage::credentials {

/// A sign-in that Docker keeps: in its config.json, or in a credential helper named there.
struct DockerLogin
{
    QString host;
    QString user;
    QString source; ///< The file or the helper, for people.
};

/// What $DOCKER_CONFIG (else ~/.docker) names and can still be read. Nothing is changed, and no password is
/// kept.
[[nodiscard]] engine::Task<QList<DockerLogin>> findDockerLogins(std::stop_token stop = {});

/// Copies one into the keychain, or into memory for this run.
[[nodiscard]] engine::Task<> importDockerLogin(SecretStore *store, DockerLogin login, Keep keep);

} // namespace cooperage::credentials
