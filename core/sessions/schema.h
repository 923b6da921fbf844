#pragma once

#include <QList>
#include <QStringList>

namespace cooperage::sessions {

/// "Coop" in ASCII: marks the file as ours.
constexpr int applicationId = 0x436f6f70;
/// Kept in the file as `user_version`.
constexpr int schemaVersion = 3;

/// Statements that lead from version i to version i + 1.
[[nodiscard]] const QList<QStringList> &schemaSteps();

} // namespace cooperage::sessions
