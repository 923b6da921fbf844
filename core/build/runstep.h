#pragma once

#include "core/build/buildjob.h"
#include "core/build/steporder.h"

namespace cooperage::build {

/// Carries out one RUN in snapshot `image`, with files staged before it, and returns what came of it. A
/// command that fails, is killed or takes too long is an outcome, not an error: `runFailure` puts it into
/// words.
[[nodiscard]] engine::Task<engine::RunOutcome> carryOutRun(BuildJob *job, int step, RunOrder order,
                                                           StageState state, QString image,
                                                           QList<engine::StagedEntry> staged);

/// nullopt for a command that ended well.
[[nodiscard]] std::optional<Error> runFailure(const RunOrder &order, const engine::RunOutcome &outcome,
                                              int timeoutSeconds);

} // namespace cooperage::build
