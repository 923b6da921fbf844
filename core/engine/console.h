#pragma once

#include "core/engine/engine.h"

namespace cooperage::engine {

/// What a console is for.
enum class ConsoleKind {
    Shell,  ///< Commands are typed into it; the request's own command is `shellCommand()` or another shell.
    Command ///< Runs one command and ends.
};

/// A terminal, or where the engine has none a LineTerminal. After the last client has left, what runs in a
/// real terminal is ended after two minutes, or earlier where the request's time-out is shorter; without
/// terminals the time-out is that of each command.
[[nodiscard]] Task<std::shared_ptr<Terminal>> openConsole(Engine *engine, ConsoleKind kind,
                                                          TerminalRequest request, std::stop_token stop = {});

/// A command, as /bin/sh takes it, that becomes the image's most comfortable shell.
[[nodiscard]] QString shellCommand();

} // namespace cooperage::engine
