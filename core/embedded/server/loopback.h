#pragma once

#include <string_view>

namespace cooperage::embedded {

/// Whether a Host header (or a host) names this machine itself: localhost, 127.0.0.0/8 or [::1], with or
/// without port.
[[nodiscard]] bool isLoopbackHost(std::string_view host);

} // namespace cooperage::embedded
