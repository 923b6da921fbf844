#pragma once

#include <QString>

#include <chrono>
#include <expected>

namespace cooperage::dockerfile {

/// A duration as Go writes it: "30s", "1m30s", "1.5h", "0". An error is Go's message.
[[nodiscard]] std::expected<std::chrono::nanoseconds, QString> parseGoDuration(const QString &text);

/// As Go prints it: "1m30s", "1.5s", "20ms", "0s".
[[nodiscard]] QString goDuration(std::chrono::nanoseconds duration);

} // namespace cooperage::dockerfile
