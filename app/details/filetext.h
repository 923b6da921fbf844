#pragma once

#include "core/engine/filecopies.h"

namespace cooperage::gui {

/// A file's bytes as far as they can be shown as text.
struct FileText
{
    QString text{}; ///< Empty for a binary file.
    bool isBinary = false;
    bool isLossy = false; ///< Not UTF-8: what could not be read stands as a replacement character.
    bool isWhole = true;  ///< Otherwise only the beginning was read.

    /// What the user should know of it; empty where the whole text stands there as it is.
    [[nodiscard]] QString note() const;
};

/// Files up to this size are shown and compared whole.
inline constexpr qint64 shownBytes = qint64(2) << 20;

/// A file with a NUL among its bytes is binary. Line ends become `\n`.
[[nodiscard]] FileText decoded(const engine::FileHead &head);

} // namespace cooperage::gui
