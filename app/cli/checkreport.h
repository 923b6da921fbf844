#pragma once

#include "core/checks/checker.h"

#include <QJsonObject>
#include <QString>

namespace cooperage::cli {

/// What `cooperage check` found in a file, to be printed.
struct CheckReport
{
    QString fileName; ///< As the user named it.
    QString text;
    checks::CheckResult result;
};

/// "error", "warning" or "info".
[[nodiscard]] QString severityName(dockerfile::Severity severity);

/// Each finding with its place, the line and what to do; then how many there are.
[[nodiscard]] QString checkText(const CheckReport &report);
/// One object: the file, the findings with places and fixes, and the rules that error=true makes fatal.
[[nodiscard]] QJsonObject checkJson(const CheckReport &report);
/// SARIF 2.1.0.
[[nodiscard]] QJsonObject checkSarif(const CheckReport &report);

} // namespace cooperage::cli
