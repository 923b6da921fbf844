#pragma once

#include <QStringList>

namespace cooperage::cli {

/// `cooperage build [CONTEXT] ...`: builds an image from a Dockerfile. Gets the arguments after the verb,
/// runs inside an existing QCoreApplication and returns the program's exit code.
[[nodiscard]] int runBuild(const QStringList &arguments);

} // namespace cooperage::cli
