#pragma once

#include "core/dockerfile/diagnostic.h"
#include "core/dockerfile/instruction.h"

#include <QList>
#include <QString>

#include <utility>

namespace cooperage::dockerfile {

/// Parser directives at the top of the file (spec 1.2).
struct Directives
{
    QChar escape = u'\\';
    QString syntax;
    QString check;
};

/// A parsed Dockerfile. Parsing never fails as a whole: what is broken is in `diagnostics`, the rest is here.
struct Dockerfile
{
    QString text;
    Directives directives;
    QList<Instruction> instructions;
    QList<Diagnostic> diagnostics; ///< In the order in which BuildKit would report them.

    [[nodiscard]] bool hasErrors() const;
    /// One line per instruction, as BuildKit's parser prints its tree (spec 1.10).
    [[nodiscard]] QString treeText() const;
    /// Line and column, both from 1, of a position in the text.
    [[nodiscard]] std::pair<int, int> lineAndColumn(qsizetype position) const;
};

} // namespace cooperage::dockerfile
