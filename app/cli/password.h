#pragma once

#include "core/base/error.h"

#include <QString>

namespace cooperage::cli {

/// The first line of standard input.
[[nodiscard]] Result<QString> passwordFromInput();

/// Asks on the terminal, without showing what is typed. An error where there is no terminal.
[[nodiscard]] Result<QString> passwordFromTerminal(const QString &prompt);

} // namespace cooperage::cli
