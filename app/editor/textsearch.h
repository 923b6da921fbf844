#pragma once

#include "core/base/error.h"

#include <QList>
#include <QString>

namespace cooperage::gui {

/// What is looked for.
struct SearchQuery
{
    QString text;
    bool matchCase = false;
    bool wholeWords = false;
    bool regularExpression = false; ///< `text` is one, over single lines and with `^` and `$` at each line.

    bool operator==(const SearchQuery &) const = default;
};

/// A place in the searched text, by characters.
struct SearchMatch
{
    qsizetype position = 0;
    qsizetype length = 0;
    QString replacement{}; ///< Only where there was something to replace with.

    bool operator==(const SearchMatch &) const = default;
};

/// All matches in order, at most `limit`. `replacement`: `\1` to `\9`, `\0` for the whole match, `\n`, `\t`
/// and `\\` stand for something in that of a regular expression. Errors: BadInput for a pattern that is none,
/// saying where it is wrong, or that takes too long.
[[nodiscard]] Result<QList<SearchMatch>> findAll(const QString &text, const SearchQuery &query,
                                                 const QString &replacement = {}, qsizetype limit = 100'000);

} // namespace cooperage::gui
