#pragma once

#include "core/checks/checkfile.h"
#include "core/dockerfile/checkoptions.h"

namespace cooperage::checks {

/// Which findings are to be told: what the `check` directive, `--build-arg BUILDKIT_DOCKERFILE_CHECK`,
/// comments above instructions, the reached stages and rules that say the same leave of them.
[[nodiscard]] QList<Finding> toldFindings(const CheckFile &file, const dockerfile::CheckOptions &options,
                                          QList<Finding> findings);

/// The options of the file: those of the build argument, if it is given, else of the directive. What cannot
/// be read counts as nothing; the parser reports it.
[[nodiscard]] dockerfile::CheckOptions optionsOf(const CheckSettings &settings,
                                                 const dockerfile::Directives &directives);

} // namespace cooperage::checks
