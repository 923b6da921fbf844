#pragma once

#include "core/dockerfile/diagnostic.h"

#include <QList>
#include <QString>

#include <optional>

namespace cooperage::dockerfile {

/// One argument as written: quotes and variables still in it (JSON elements are decoded).
struct Word
{
    QString text;
    SourceRange range;

    bool operator==(const Word &) const = default;
};

/// A part of a logical line: its text from offset `at` on stands in the source from `source` on.
struct LinePiece
{
    qsizetype at = 0;
    qsizetype source = 0;

    bool operator==(const LinePiece &) const = default;
};

/// The place in the source of a character of the logical line.
[[nodiscard]] qsizetype sourcePosition(const QList<LinePiece> &pieces, qsizetype at);

/// `--name=value` or `--name` before the arguments; quotes and escapes removed (spec 1.5).
struct Flag
{
    QString name;
    std::optional<QString> value; ///< Absent for a bare `--name`.
    SourceRange range;

    /// As printed in the tree's text form: `--name=value`.
    [[nodiscard]] QString text() const;
    bool operator==(const Flag &) const = default;
};

/// ENV and LABEL: one pair. `separator` is "=" or, in the legacy form, empty.
struct KeyValue
{
    Word key;
    Word value;
    QString separator;

    bool operator==(const KeyValue &) const = default;
};

/// A here-document of RUN, COPY or ADD (spec 1.9).
struct Heredoc
{
    QString delimiter;
    int fd = 0;
    bool stripTabs = false; ///< `<<-`
    bool expand = true;     ///< The delimiter was not quoted.
    QString body;           ///< As in the file: line ends and, for `<<-`, tabs kept.
    SourceRange opener;     ///< The `<<EOF` word.
    SourceRange bodyRange;  ///< The body without its terminator line.

    /// The body as it is used: leading tabs gone for `<<-`.
    [[nodiscard]] QString content() const;
    bool operator==(const Heredoc &) const = default;
};

} // namespace cooperage::dockerfile
