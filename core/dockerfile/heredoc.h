#pragma once

#include "core/dockerfile/linereader.h"

namespace cooperage::dockerfile {

/// What a word like `3<<-"EOF"` says (spec 1.9): delimiter, descriptor, tabs, expansion. nullopt for any
/// other word.
[[nodiscard]] std::optional<Heredoc> heredocOf(const QString &word);

/// Reads the bodies of the here-documents that the instruction opens into `heredocs`, and extends its range
/// over them. An unterminated one is reported; its body is the rest of the file.
void readHeredocs(Instruction &instruction, const LogicalLine &line, LineReader &reader,
                  QList<Diagnostic> &diagnostics);

} // namespace cooperage::dockerfile
