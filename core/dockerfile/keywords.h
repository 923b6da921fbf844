#pragma once

#include "core/dockerfile/tree.h"

#include <QStringList>

namespace cooperage::dockerfile {

/// The keyword written in any case; Unknown for anything else.
[[nodiscard]] Keyword keywordOf(const QString &text);

/// All names, upper case, in alphabetical order.
[[nodiscard]] const QStringList &keywordNames();

} // namespace cooperage::dockerfile
