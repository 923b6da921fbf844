#pragma once

#include <chrono>
#include <string>

namespace cooperage::embedded {

/// A Retry-After header's value (seconds or an HTTP date) as a time to wait from now: at most a minute, 0 if
/// there is none.
[[nodiscard]] std::chrono::milliseconds retryAfter(const std::string &value);

} // namespace cooperage::embedded
