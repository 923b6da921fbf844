#pragma once

#include <QString>

/// The program without a window: `cooperage build`, `images`, `tag`...
namespace cooperage::cli {

/// Exit codes of every verb.
enum ExitCode { Success = 0, Failure = 1, Usage = 2 };

/// Whether the program's first argument asks for a command (or for --help, --version) rather than for the
/// window.
[[nodiscard]] bool isVerb(const QString &argument);

/// Runs the command with an event loop of its own and returns the exit code.
[[nodiscard]] int run(int argc, char *argv[]);

} // namespace cooperage::cli
