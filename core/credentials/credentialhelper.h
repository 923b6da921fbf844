#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <chrono>
#include <stop_token>

namespace cooperage::credentials {

/// Asks the program `docker-credential-NAME`, without a shell, for the account at a server. Nothing if it has
/// none. Blocks until the program has answered; after `patience` it is ended.
[[nodiscard]] Result<std::optional<engine::Credentials>>
askHelper(const QString &name, const QString &server, std::stop_token stop,
          std::chrono::milliseconds patience = std::chrono::seconds(30));

} // namespace cooperage::credentials
