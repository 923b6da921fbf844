#pragma once

#include <QStringList>

namespace cooperage::dockerfile {

/// The candidate nearest to the text, fewer than three edits away; empty if there is none, or if the text is
/// one of them (spec 1.5).
[[nodiscard]] QString nearestOf(const QString &text, const QStringList &candidates, Qt::CaseSensitivity cs);

/// The same as " (did you mean X?)".
[[nodiscard]] QString suggestionFor(const QString &text, const QStringList &candidates,
                                    Qt::CaseSensitivity cs);

} // namespace cooperage::dockerfile
