#pragma once

#include "core/build/prepare.h"

namespace cooperage::build {

/// Reads the mounts of a RUN (spec 3.2): expands their values, finds and hashes what those of the build
/// context show, waits for the stages that others take from.
[[nodiscard]] engine::Task<QList<MountOrder>> mountOrders(const Preparation *preparation, PlannedStep step,
                                                          StageState state);

/// The mounts' own part of the layer key (layerkey.h).
[[nodiscard]] QJsonArray mountContributions(const QList<MountOrder> &mounts);

} // namespace cooperage::build
