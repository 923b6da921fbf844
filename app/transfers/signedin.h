#pragma once

#include "core/credentials/credentialfinder.h"
#include "core/engine/engine.h"

namespace cooperage::gui {

/// An import with the account that is kept for its registry, where the request names none. A refusal says
/// which kept account could not be read.
[[nodiscard]] engine::Task<engine::ImportOutcome>
signedIn(engine::Engine *engine, credentials::CredentialFinder finder, engine::ImportRequest request,
         engine::ProgressHandler progress, std::stop_token stop);
/// The same for a push.
[[nodiscard]] engine::Task<engine::PushOutcome>
signedIn(engine::Engine *engine, credentials::CredentialFinder finder, engine::PushRequest request,
         engine::ProgressHandler progress, std::stop_token stop);

} // namespace cooperage::gui
