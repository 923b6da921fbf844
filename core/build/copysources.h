#pragma once

#include "core/build/prepare.h"

namespace cooperage::build {

/// Flags of an ADD that are about its remote sources.
struct SourceFlags
{
    bool isAdd = false;
    QString checksum{}; ///< Empty: not given.
    std::optional<bool> keepGitDir{};
};

/// `--keep-git-dir`, where it is given.
[[nodiscard]] std::optional<bool> keepGitDirFlag(const dockerfile::Instruction &instruction);

/// Finds what one source word of a COPY or ADD names (spec 3.3): a git repository, a URL, or a path of the
/// context or of `order.origin`. Files of the context are hashed on a pool thread.
[[nodiscard]] engine::Task<CopySource> findSource(const Preparation *preparation, PlannedStep step,
                                                  CopyOrder order, QString word, SourceFlags flags);

} // namespace cooperage::build
