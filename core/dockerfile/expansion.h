#pragma once

#include "core/base/error.h"

#include <QChar>
#include <QSet>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace cooperage::dockerfile {

/// Value of a variable; nullopt where it is unset.
using VariableLookup = std::function<std::optional<QString>(const QString &name)>;

struct ExpansionOptions
{
    QChar escape = u'\\';
    /// Heredoc bodies: quotes are ordinary characters and every escape is removed (spec 1.9).
    bool keepQuotes = false;
};

struct Expansion
{
    QString text;
    QStringList words;       ///< The same split at unquoted white space (only by `expandWords`).
    QSet<QString> matched;   ///< Names looked up and found.
    QSet<QString> unmatched; ///< Names looked up and not found.
};

/// Expands one word (spec 2.2, 2.3): quotes removed, no splitting.
[[nodiscard]] Result<Expansion> expand(const QString &word, const VariableLookup &lookup,
                                       const ExpansionOptions &options = {});

/// Expands and splits at white space; values of unquoted variables are split too.
[[nodiscard]] Result<Expansion> expandWords(const QString &text, const VariableLookup &lookup,
                                            const ExpansionOptions &options = {});

} // namespace cooperage::dockerfile
