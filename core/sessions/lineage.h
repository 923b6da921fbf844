#pragma once

#include "core/sessions/sessionstore.h"

namespace cooperage::sessions {

/// What made an image, step by step: entries of builds and sessions of this computer, the oldest first, the
/// one that made the image itself last; on through the base images that were built here too. Empty where
/// nothing is known of it. Bounded; reads a row per step.
[[nodiscard]] Result<QList<HistoryEntry>> lineageOf(SessionStore &store, const QString &image);

} // namespace cooperage::sessions
