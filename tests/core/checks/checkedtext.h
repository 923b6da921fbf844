#pragma once

#include "core/build/buildchecks.h"

namespace cooperage::test {

inline checks::CheckResult checked(const QString &text, const build::CheckRequest &request = {})
{
    return checks::Checker(build::checkSettings(request)).check(text);
}

/// Empty strings stand for syntax errors.
inline QStringList rulesIn(const checks::CheckResult &result)
{
    QStringList names;
    for (const dockerfile::Diagnostic &diagnostic : result.diagnostics)
        names.append(diagnostic.rule);
    return names;
}

} // namespace cooperage::test
