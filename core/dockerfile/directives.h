#pragma once

#include "core/dockerfile/sourcetext.h"

namespace cooperage::dockerfile {

/// The parser directives at the top of a file (spec 1.2).
struct DirectiveScan
{
    Directives directives;
    QList<Diagnostic> diagnostics;
    qsizetype lineCount = 0; ///< Lines that they take.
};

[[nodiscard]] DirectiveScan scanDirectives(const SourceText &source);

/// Rules named by a comment `check=skip=A,B` above an instruction; none for any other comment.
[[nodiscard]] QStringList skippedChecksOf(const QString &comment);

} // namespace cooperage::dockerfile
