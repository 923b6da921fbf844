#pragma once

#include "core/base/error.h"

namespace cooperage::embedded {

/// Puts this process where it may mount: as root a mount namespace of its own; as an ordinary user a user
/// namespace with the user's subordinate ids, in which the program is executed again (this function then
/// returns there). To be called first in main: no thread, no QCoreApplication may exist yet. The error names
/// the cause and its fix.
[[nodiscard]] Result<> enterNamespaces(char **argv);

} // namespace cooperage::embedded
