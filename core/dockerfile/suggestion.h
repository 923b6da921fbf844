#pragma once

#include <QStringList>

namespace cooperage::dockerfile {

/// " (did you mean X?)" with the candidate nearest to the text, fewer than three edits away; empty if there
/// is none, or if the text is one of them (spec 1.5).
[[nodiscard]] QString suggestionFor(const QString &text, const QStringList &candidates,
                                    Qt::CaseSensitivity cs);

} // namespace cooperage::dockerfile
