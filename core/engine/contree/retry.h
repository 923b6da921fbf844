#pragma once

#include <QByteArray>
#include <QDateTime>

#include <chrono>
#include <optional>

namespace cooperage::engine::contree {

/// When a failed request is sent again. A request that may have had an effect is repeated only after answers
/// that mean "nothing was done" (425, 429).
struct RetryPolicy
{
    int attempts = 7;                             ///< All tries together.
    std::chrono::milliseconds firstDelay{100};    ///< Doubled after every try...
    std::chrono::milliseconds longestDelay{5000}; ///< ...up to this.

    /// How long to wait before try number `attempt` + 1 (the first is 1), or nothing: give up. `status` 0 is
    /// a network error; `retryAfter` the header's value.
    [[nodiscard]] std::optional<std::chrono::milliseconds> delay(bool idempotent, int status, int attempt,
                                                                 const QByteArray &retryAfter) const;
};

/// Retry-After: seconds (fractions allowed, negative: none) or an HTTP date. At most five minutes are
/// believed.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseRetryAfter(const QByteArray &value,
                                                                       const QDateTime &now);

} // namespace cooperage::engine::contree
