#pragma once

#include "core/dockerfile/diagnostic.h"

#include <QList>
#include <QString>

namespace cooperage::checks {

/// Whose rule it is: BuildKit's have its names and messages, hadolint's its codes, the others are our own.
enum class Family { BuildKit, Hadolint, Cooperage };

/// Something that a check can say. The name is stable: comments and configurations refer to it.
struct Rule
{
    QString name;
    Family family = Family::BuildKit;
    dockerfile::Severity severity = dockerfile::Severity::Warning;
    QString summary;           ///< One sentence, translated.
    bool reachedOnly = false;  ///< Says nothing of stages that the target does not need (spec 8, "E").
    bool experimental = false; ///< Only where a `check` directive asks for it; `skip` does not touch it.
    QString sameAs{};          ///< A rule that says the same: where that one speaks, this one is silent.
};

/// All rules: BuildKit's, hadolint's, ours.
[[nodiscard]] const QList<Rule> &rules();
/// nullptr for a name that is none.
[[nodiscard]] const Rule *findRule(const QString &name);
/// Where more is said about it: a web page, or a place in docs/checks.md.
[[nodiscard]] QString documentation(const Rule &rule);

} // namespace cooperage::checks
