#pragma once

#include "core/embedded/registry/openregistry.h"
#include "core/embedded/server/jsonfields.h"

namespace cooperage::embedded {

/// The `registry` of an import or a push.
struct RegistryFields
{
    RegistryAccess access;
    QJsonObject shown; ///< For the operation's metadata: the password is masked.
};

[[nodiscard]] Result<RegistryFields> readRegistry(JsonFields &fields);

/// A failed import or push: its result says whether the registry refused the account, so that a client can
/// ask for another one.
[[nodiscard]] QJsonObject refusalResult(const Error &error);

} // namespace cooperage::embedded
