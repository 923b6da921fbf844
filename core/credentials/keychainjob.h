#pragma once

#include "core/credentials/secret.h"
#include "core/engine/engine.h"

/// QtKeychain as coroutines; its fallback to a plain file stays off. Each refuses a keychain that is locked
/// or absent instead of having the system ask for its password.
namespace cooperage::credentials {

[[nodiscard]] engine::Task<Secret> readKeychain(QString name);
[[nodiscard]] engine::Task<> writeKeychain(QString name, Secret secret);
/// No error if there is no such secret.
[[nodiscard]] engine::Task<> removeFromKeychain(QString name);

} // namespace cooperage::credentials
