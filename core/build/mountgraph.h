#pragma once

#include "core/build/stagegraph.h"

namespace cooperage::build {

/// What each --mount of a RUN takes from; nullopt for those without `from`, none for other instructions.
/// Unlike that of COPY, `from` knows no stage numbers. The error has no place.
[[nodiscard]] Result<QList<std::optional<StageSource>>>
mountSources(const dockerfile::StageList &stages, const dockerfile::Stage &stage,
             const dockerfile::Instruction &instruction);

/// Notes what a RUN of `stage` mounts: as sources of the instruction `index` (-1: of none in the file), and
/// as edges. The error has no place.
[[nodiscard]] Result<> addMounts(StageGraph *graph, const dockerfile::Stage &stage,
                                 const dockerfile::Instruction &instruction, qsizetype index);

/// Refuses mounts from stages behind this one. `sources` are those of the instruction.
[[nodiscard]] Result<> checkMountOrder(const dockerfile::StageList &stages, const dockerfile::Stage &stage,
                                       const dockerfile::Instruction &instruction,
                                       const QList<std::optional<StageSource>> &sources);

} // namespace cooperage::build
