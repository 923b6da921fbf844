#pragma once

#include <QList>
#include <QString>

namespace cooperage::dockerfile {

/// Characters [begin, end) of the file's text (UTF-16 units, as in QString and in an editor), and the lines
/// (from 1) on which they start and end.
struct SourceRange
{
    qsizetype begin = 0;
    qsizetype end = 0;
    int firstLine = 0;
    int lastLine = 0;

    bool operator==(const SourceRange &) const = default;
};

enum class Severity { Error, Warning, Info };

/// Characters [begin, end) of the text become `text`.
struct TextEdit
{
    qsizetype begin = 0;
    qsizetype end = 0;
    QString text;

    bool operator==(const TextEdit &) const = default;
};

/// One way to mend what a diagnostic is about. The edits do not overlap; all are to be made at once.
struct Fix
{
    QString title; ///< What it does, for a menu: "Change to lower case".
    QList<TextEdit> edits;

    bool operator==(const Fix &) const = default;
};

/// Something to say about a place in the text. `rule` is its stable name (empty for syntax errors).
struct Diagnostic
{
    Severity severity = Severity::Error;
    QString message;
    SourceRange range; ///< The words concerned.
    QString rule{};
    QString detail{}; ///< What else helps: which ignore rule, what to do. May be empty.
    QList<Fix> fixes{};
    int line = 0; ///< The line that BuildKit names: mostly the instruction's first. 0: the range's.

    bool operator==(const Diagnostic &) const = default;
};

} // namespace cooperage::dockerfile
