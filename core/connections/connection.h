#pragma once

#include "core/connections/connectionprofile.h"
#include "core/credentials/secret.h"
#include "core/credentials/secretstore.h"
#include "core/engine/engine.h"

#include <memory>

namespace cooperage::connections {

/// The engine of a profile. The token is used by hosted engines only; nothing is connected yet.
[[nodiscard]] std::unique_ptr<engine::Engine> makeEngine(const ConnectionProfile &profile,
                                                         const credentials::Secret &token);

/// The token of a profile from the keychain; empty for the embedded engine. The error
/// names the profile.
[[nodiscard]] engine::Task<credentials::Secret> tokenOf(credentials::SecretStore *store,
                                                        ConnectionProfile profile);

/// What a test of a connection found.
struct ConnectionCheck
{
    engine::EngineInfo info{};
    qint64 latencyMs = 0;  ///< Of one request that lists an image.
    QStringList missing{}; ///< Permissions that the token lacks, as the server calls them.
};

/// Asks the engine who we are and for one image. The embedded engine is started if need be.
[[nodiscard]] engine::Task<ConnectionCheck> checkConnection(std::shared_ptr<engine::Engine> engine,
                                                            std::stop_token stop = {});

/// A passed test in one line: version, latency, permissions.
[[nodiscard]] QString summaryOf(const ConnectionCheck &check);

} // namespace cooperage::connections
