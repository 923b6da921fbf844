#pragma once

#include <QString>
#include <QStringView>

namespace cooperage::context {

/// Cleans a path by its letters alone: `.`, `..`, double and trailing slashes go; a leading slash stays; an
/// empty result is ".". Unlike QDir::cleanPath, `/..` is `/`, and nothing but '/' separates.
[[nodiscard]] QString cleanPath(QStringView path);

/// The place inside a context that a COPY source means (spec 3.4): relative and clean; `..` stops at the
/// root. Empty for the root itself.
[[nodiscard]] QString placeInContext(QStringView source);

/// A source of COPY --parents: "x/./y/*.txt" is the pattern "y/*.txt" in the folder "x"; without the pivot
/// `/./`, of which the first one counts, the folder is the root.
struct ParentsSource
{
    QString folder;
    QString pattern; ///< Relative and clean; empty: all of the folder.
};
[[nodiscard]] ParentsSource splitAtPivot(const QString &source);

/// "a/b" below "" is "a/b", below "x" it is "x/a/b".
[[nodiscard]] QString joinPath(const QString &folder, const QString &name);

/// The last component: "b" of "a/b".
[[nodiscard]] QString lastComponent(const QString &path);

} // namespace cooperage::context
