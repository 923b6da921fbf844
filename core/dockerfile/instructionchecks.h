#pragma once

#include "core/dockerfile/checkerror.h"
#include "core/dockerfile/tree.h"

#include <QSet>

#include <functional>

namespace cooperage::dockerfile {

/// The instruction phase (spec 1.11): appends what is wrong with single instructions and with their place in
/// the file. One error for each instruction, none for those in `broken`. Messages come without BuildKit's
/// line number prefix: the range says where.
void checkInstructions(Dockerfile &file, const QSet<qsizetype> &broken);

/// What is wrong with a single instruction.
[[nodiscard]] std::optional<CheckError> checkInstruction(const Instruction &instruction,
                                                         const Directives &directives);

/// What is wrong with a file's order, and at which instruction.
struct OrderError
{
    qsizetype instruction = 0;
    QString message;
};

/// An instruction before the first FROM, or no FROM at all. `hasError` says of which instructions something
/// else has been said, `fileHasErrors` whether of the file as a whole; `keywords` are those of the file, at
/// least one.
[[nodiscard]] std::optional<OrderError> checkOrder(const QList<Keyword> &keywords,
                                                   const std::function<bool(qsizetype)> &hasError,
                                                   bool fileHasErrors);

} // namespace cooperage::dockerfile
