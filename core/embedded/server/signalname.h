#pragma once

#include <QString>

#include <optional>

namespace cooperage::embedded {

/// "TERM", "SIGTERM" (in any case) or "15"; nothing if there is no such signal.
[[nodiscard]] std::optional<int> signalNumber(const QString &name);

} // namespace cooperage::embedded
