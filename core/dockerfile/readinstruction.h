#pragma once

#include "core/dockerfile/linereader.h"
#include "core/dockerfile/tree.h"

#include <optional>

namespace cooperage::dockerfile {

/// An instruction as it was read from its lines, with the syntax errors in it. It depends on nothing but
/// those lines and the escape character: the same lines elsewhere give the same, only further up or down.
struct ReadInstruction
{
    Instruction instruction;
    QList<Diagnostic> diagnostics{};
    bool broken = false; ///< Nothing more is to be said about it.
};

/// The next one; nullopt at the end of the text.
[[nodiscard]] std::optional<ReadInstruction> readInstruction(LineReader &reader, QChar escape);

/// Physical lines that are longer than BuildKit reads (spec 1.1).
void reportLongLines(const SourceText &source, QList<Diagnostic> &diagnostics);

} // namespace cooperage::dockerfile
