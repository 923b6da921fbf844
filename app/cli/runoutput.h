#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

/// What the verbs that run a command in an image share.
namespace cooperage::cli {

/// Passes the command's output on as it is.
void writeRaw(engine::Stream stream, const QByteArray &bytes);

/// "K=V" each, or "K" for the value that this program has in its own environment.
[[nodiscard]] Result<QMap<QString, QString>> variables(const QStringList &words);

/// The command's exit code as shells count it: 128 + N after signal N, 124 after a time-out, which is said.
[[nodiscard]] int exitCodeOf(const engine::RunOutcome &outcome);

} // namespace cooperage::cli
