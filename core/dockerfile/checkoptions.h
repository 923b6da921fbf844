#pragma once

#include "core/base/error.h"

#include <QStringList>

namespace cooperage::dockerfile {

/// What a `check` directive or comment asks for (spec 1.2, 1.3); "all" in a list stands for every rule.
struct CheckOptions
{
    QStringList skip;
    QStringList experimental;
    bool error = false; ///< Warnings fail the build.
};

/// Reads `skip=A,B;error=true`. Fails with BuildKit's message.
[[nodiscard]] Result<CheckOptions> parseCheckOptions(const QString &text);

} // namespace cooperage::dockerfile
