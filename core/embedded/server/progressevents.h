#pragma once

#include "core/embedded/archive/import.h"
#include "core/embedded/server/eventlog.h"

namespace cooperage::embedded {

/// Writes a transfer's progress into an operation's log, at most five times a second. The log must outlive
/// it.
[[nodiscard]] ImportProgress progressTo(EventLog &log);

} // namespace cooperage::embedded
