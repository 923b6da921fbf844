#pragma once

#include "core/base/error.h"

#include <stop_token>
#include <string>

namespace cooperage::embedded {

/// Fails if a host's name leads nowhere. Unlike connecting, which looks the name up again, it can be stopped
/// at once and tells a name that does not exist from a network that cannot look names up.
[[nodiscard]] Result<> checkHost(const std::string &host, std::stop_token stop);

} // namespace cooperage::embedded
