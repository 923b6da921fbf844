#pragma once

#include "core/build/variables.h"

namespace cooperage::build {

/// TARGETPLATFORM, BUILDARCH... (spec 2.6) for the machine that this runs on.
[[nodiscard]] VariableMap platformVariables(const QString &targetStage);
/// "linux/amd64"
[[nodiscard]] QString hostPlatform();
/// Refuses what is no platform, and any other platform than this machine's: nothing here could run its
/// programs. The error has no place.
[[nodiscard]] Result<> checkPlatform(const QString &platform);
/// Aliases resolved: "linux/x86_64", "amd64" and "linux/amd64" are the same.
[[nodiscard]] QString normalisedPlatform(const QString &platform);

} // namespace cooperage::build
