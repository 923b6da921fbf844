#pragma once

#include "core/dockerfile/tree.h"

#include <optional>

namespace cooperage::dockerfile {

/// What is wrong with an instruction, and with which part of it.
struct CheckError
{
    QString message;
    SourceRange range;
};

/// Flags that the keyword does not know, repeated flags, missing and bad values (spec 1.5).
[[nodiscard]] std::optional<CheckError> checkFlags(const Instruction &instruction,
                                                   const Directives &directives);

/// All of HEALTHCHECK (spec 3.10).
[[nodiscard]] std::optional<CheckError> checkHealthcheck(const Instruction &instruction,
                                                         const Directives &directives);

} // namespace cooperage::dockerfile
