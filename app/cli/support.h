#pragma once

#include "core/base/error.h"
#include "core/credentials/secretstore.h"
#include "core/engine/engine.h"

#include <qcorotask.h>
#include <QString>

#include <memory>
#include <stop_token>
#include <utility>

/// What the verbs share: waiting for coroutines, Ctrl-C, printing, and the exit codes that failures come to.
namespace cooperage::cli {

/// The exit code of a program that Ctrl-C ended, as shells expect it.
inline constexpr int interruptedExit = 130;

/// Runs the event loop until the coroutine has ended. Only for verbs: they have no other event loop.
template <typename T>
[[nodiscard]] T await(QCoro::Task<T> task)
{
    return QCoro::waitFor(std::move(task));
}

/// Called, in a signal handler, when a second signal ends the program at once. nullptr: nothing is.
void setLastWish(void (*act)());

/// Triggered by the first Ctrl-C (or SIGTERM, SIGHUP); a second one ends the program at once. Needs a
/// QCoreApplication.
[[nodiscard]] std::stop_token interrupted();

/// Settles which engine the verbs talk to: the connection `name` (from --engine), else what COOPERAGE_URL
/// (with COOPERAGE_TOKEN and COOPERAGE_PROJECT) names, else the connection COOPERAGE_ENGINE_PROFILE, else the
/// default one. Nothing is connected.
[[nodiscard]] Result<> chooseEngine(const QString &name);

/// The engine that `chooseEngine` settled; the embedded one is started when it is first used.
[[nodiscard]] std::unique_ptr<engine::Engine> openEngine();

/// What separates the layers, sessions and tags of that engine from those of another.
[[nodiscard]] QString engineScope();

/// Whether that is the engine on this computer.
[[nodiscard]] bool isEmbeddedChosen();

/// The user's registry accounts and tokens.
[[nodiscard]] credentials::SecretStore &secrets();

/// Prints text to standard output (in UTF-8, a line end added) or to standard error.
void print(const QString &text);
void printError(const QString &text);

/// Prints `cooperage: <error>` and returns the exit code that fits: Failure, or `interruptedExit` after
/// Ctrl-C.
[[nodiscard]] int fail(const Error &error);

/// Prints one line about a wrong use of `verb`, with a hint to its help, and returns Usage.
[[nodiscard]] int usageError(const QString &verb, const QString &text);

} // namespace cooperage::cli
