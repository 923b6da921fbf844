#pragma once

#include "core/connections/contreeprofiles.h"
#include "core/credentials/secretstore.h"

/// Profiles and their tokens together: taken over from the contree command, removed, and put back.
namespace cooperage::connections {

/// The contree command's profiles whose names are not taken here.
[[nodiscard]] Result<QList<ContreeCliProfile>> newContreeProfiles();
/// Tokens go to the keychain. What was taken over before an error stays.
[[nodiscard]] engine::Task<> takeOver(credentials::SecretStore *store, QList<ContreeCliProfile> profiles);

struct ForgottenProfile
{
    ConnectionProfile profile;
    credentials::SecretEntry entry;
    credentials::Secret token; ///< Empty: there was none.
};

/// Removes a profile and its token, and hands both over, so that they can be restored.
[[nodiscard]] engine::Task<ForgottenProfile> forgetProfile(credentials::SecretStore *store,
                                                           ConnectionProfile profile);
[[nodiscard]] engine::Task<> restoreProfile(credentials::SecretStore *store, ForgottenProfile forgotten);

} // namespace cooperage::connections
