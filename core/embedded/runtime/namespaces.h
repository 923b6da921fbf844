#pragma once

#include "core/base/error.h"

namespace cooperage::embedded {

/// Puts this process where it may mount: as root a mount namespace of its own; as an ordinary user a user
/// namespace with the user's subordinate ids, in which the program is executed again (this function then
/// returns there). To be called first in main: no thread, no QCoreApplication may exist yet. The error names
/// the cause and its fix.
[[nodiscard]] Result<> enterNamespaces(char **argv);

/// What the system says about user namespaces; -1 where it says nothing.
struct NamespaceLimits
{
    long unprivilegedClone = -1; ///< kernel.unprivileged_userns_clone
    long most = -1;              ///< user.max_user_namespaces
    long apparmorRestricts = -1; ///< kernel.apparmor_restrict_unprivileged_userns
};

/// Why a namespace could not be entered, and the fix.
[[nodiscard]] Error namespaceError(int errnoValue, const NamespaceLimits &limits);

} // namespace cooperage::embedded
