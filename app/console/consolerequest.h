#pragma once

#include "core/engine/console.h"

#include <functional>

namespace cooperage::gui {

/// What a console runs, and what may become of it.
struct ConsoleRequest
{
    engine::ConsoleKind kind = engine::ConsoleKind::Shell;
    engine::RunRequest run;
    QString place;     ///< Where it runs, for people: "alpine:3", "session api".
    QString command{}; ///< What it runs, for people; empty: a shell.
    /// Takes the result into a session's history; absent: there is none.
    std::function<void(const engine::RunOutcome &)> keepSnapshot{};
};

} // namespace cooperage::gui
