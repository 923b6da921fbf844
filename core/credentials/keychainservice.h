#pragma once

#include "core/engine/engine.h"

#include <stop_token>

/// What QtKeychain does not tell: whether the keychain is there and open, and how to open it.
namespace cooperage::credentials {

enum class KeychainState {
    Available,
    Locked, ///< A password has to be given first; see `unlockKeychain`.
    Absent, ///< This session has no Secret Service.
};

/// Asks without showing anything to the user and without unlocking anything.
[[nodiscard]] QCoro::Task<KeychainState> keychainState();

/// Has the system ask the user for the keychain's password, if it is locked. Cancelled if the user does not
/// give it, Unsupported where there is no keychain.
[[nodiscard]] engine::Task<> unlockKeychain(std::stop_token stop = {});

/// What to tell the user about a keychain that is locked or absent.
[[nodiscard]] Error keychainError(KeychainState state);

} // namespace cooperage::credentials
