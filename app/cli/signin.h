#pragma once

#include "app/cli/verbparser.h"
#include "core/build/builder.h"

/// Accounts at registries, for the verbs that talk to one.
namespace cooperage::cli {

/// Adds --username, --password-stdin and --plain-http.
void addRegistryOptions(VerbParser &parser);

/// The account for `reference`: what --username says, else what is kept for the registry;
/// nothing if there is none. Prints what is wrong; the error is the exit code.
[[nodiscard]] std::expected<std::optional<engine::Credentials>, int>
signIn(const VerbParser &parser, const QString &verb, const QString &reference);

/// Looks accounts up in the keychain, and for the engine on this computer also where Docker and Podman keep
/// theirs: those are not sent elsewhere unasked.
[[nodiscard]] build::CredentialSource storedCredentials();

} // namespace cooperage::cli
