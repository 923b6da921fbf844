#pragma once

#include "core/base/error.h"

namespace cooperage::gui {

/// Where the example is put: the user's documents folder, or home where there is none.
[[nodiscard]] QString exampleFolder();

/// Writes the example project there and returns its Dockerfile's path. Files that exist stay as they are:
/// they may be the user's by now. Touches the disk: not for the GUI's thread.
[[nodiscard]] Result<QString> writeExample(const QString &folder);

} // namespace cooperage::gui
