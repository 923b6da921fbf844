#pragma once

#include "core/dockerfile/tree.h"

#include <QList>
#include <QString>

#include <optional>

namespace cooperage::corpus {

/// Where things stand in a Dockerfile, or ought to; what is absent is not known.
struct LineExpectation
{
    std::optional<QString> tree;         ///< "5-31": the first line of the tree and its last.
    std::optional<QString> instructions; ///< "5-5, 11-12": of each instruction.
    std::optional<QString> warnings;     ///< "31": of the warnings about empty continuation lines.

    [[nodiscard]] QString text() const { return text(*this); }
    /// Only of those parts that `known` has.
    [[nodiscard]] QString text(const LineExpectation &known) const;
};

/// Reads "first line 5, last line 31", "Instructions: 5-5, 11-12" and "warning ... at line 31" out of a text.
[[nodiscard]] LineExpectation readLineExpectation(const QString &text);

[[nodiscard]] LineExpectation linesOf(const dockerfile::Dockerfile &file);

} // namespace cooperage::corpus
