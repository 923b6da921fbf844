#pragma once

#include "core/build/variables.h"
#include "core/checks/checker.h"

namespace cooperage::sessions {
class SessionStore;
}

namespace cooperage::build {

/// What is asked of the checks.
struct CheckRequest
{
    VariableMap buildArgs{};
    QString target{};
    bool reachedOnly = false;                ///< As in a build.
    std::optional<bool> engineKeepsConfig{}; ///< nullopt: nothing is said of what the engine can do.
};

/// The settings for that, without sources and base images.
[[nodiscard]] checks::CheckSettings checkSettings(const CheckRequest &request);

/// What earlier builds have learnt of a base image: no engine is asked. nullopt: nothing. To be called on the
/// thread of `sessions`.
[[nodiscard]] std::optional<checks::KnownImage> knownImage(sessions::SessionStore &sessions,
                                                           const QString &reference);

/// What a build says of its file beforehand: BuildKit's rules and ours that are no errors (those end the
/// build by themselves, with their own words). hadolint's are for `cooperage check` and the editor.
struct BuildWarnings
{
    struct Warning
    {
        int line = 0; ///< An instruction's.
        QString text; ///< "StageNameCasing: Stage name 'X' should be lowercase (line 1)"
    };
    QList<Warning> warnings;
    QStringList fatalRules; ///< Not empty: the file wants no build.
};
[[nodiscard]] BuildWarnings buildWarnings(const QString &dockerfile, const checks::CheckSettings &settings);

} // namespace cooperage::build
