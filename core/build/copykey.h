#pragma once

#include "core/build/steporder.h"

#include <QJsonArray>
#include <QJsonObject>

namespace cooperage::build {

/// The directive's own part of the layer key, and the files that it stages (layerkey.h).
[[nodiscard]] QJsonObject copyContribution(const CopyOrder &order);
[[nodiscard]] QJsonArray stagedFiles(const CopyOrder &order);

} // namespace cooperage::build
