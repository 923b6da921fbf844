#pragma once

#include "core/engine/engine.h"

#include <stop_token>

/// Trying a registry's user name and password before they are saved.
namespace cooperage::credentials {

enum class SignInState {
    Accepted,
    NotNeeded, ///< The registry lets everybody in, so that the password could not be checked.
    WrongPassword,
    NeedsToken,   ///< An access token is wanted instead of the account's password.
    NoConnection, ///< No network, nobody listens there, or no answer in time.
    NameNotFound,
    Tls, ///< The certificate cannot be trusted, or encryption failed otherwise.
    RateLimited,
    NotRegistry, ///< Something else than a registry answers there.
    PlainHttp,   ///< It speaks http only, and is not on this machine.
    Failed,      ///< The registry itself failed, or said something odd.
    Cancelled,
};

struct SignInCheck
{
    SignInState state = SignInState::Failed;
    Error error{}; ///< In words what `state` says, for every state but Accepted.

    [[nodiscard]] bool isAccepted() const { return state == SignInState::Accepted; }
};

/// Asks the registry at `host` (as `registryHost` gives it, or with "http://" before it) whether it accepts
/// the credentials. Http is used on this machine's own registries only. Every request has a time limit.
[[nodiscard]] QCoro::Task<SignInCheck> checkSignIn(QString host, engine::Credentials credentials,
                                                   std::stop_token stop = {});

} // namespace cooperage::credentials
