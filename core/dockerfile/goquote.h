#pragma once

#include <QString>

namespace cooperage::dockerfile {

/// A string in double quotes as Go's %q prints it: BuildKit's messages and the tree's text form are written
/// that way.
[[nodiscard]] QString goQuoted(QStringView text);

/// A character in single quotes as Go's %q prints a number.
[[nodiscard]] QString goQuotedCharacter(char32_t character);

} // namespace cooperage::dockerfile
