#pragma once

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

enum class Severity { Error, Warning };

/// Something to say about a place in the text. `rule` is its stable name (empty for syntax errors).
struct Diagnostic
{
    Severity severity = Severity::Error;
    QString message;
    SourceRange range;
    QString rule{};

    bool operator==(const Diagnostic &) const = default;
};

} // namespace cooperage::dockerfile
