#pragma once

#include "core/build/buildevent.h"

#include <QJsonObject>

namespace cooperage::cli {

/// An event of a build as one JSON object; "event" names its kind ("plan", "step-started", "output",
/// "progress", "step-finished", "message", "finished").
[[nodiscard]] QJsonObject toJson(const build::BuildEvent &event);

} // namespace cooperage::cli
