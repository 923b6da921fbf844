#pragma once

#include "core/base/error.h"

#include <QMap>
#include <QStringList>

namespace cooperage::cli {

/// `cooperage build [CONTEXT] ...`: builds an image from a Dockerfile. Gets the arguments after the verb,
/// runs inside an existing QCoreApplication and returns the program's exit code.
[[nodiscard]] int runBuild(const QStringList &arguments);

/// The values of --build-arg: "K=V", or "K" for the value of the environment; without one there, the argument
/// is not given.
[[nodiscard]] Result<QMap<QString, QString>> buildArgsOf(const QStringList &words);

} // namespace cooperage::cli
