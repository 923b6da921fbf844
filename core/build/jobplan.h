#pragma once

#include "core/build/buildjob.h"

namespace cooperage::build {

/// Plans what the request asks of its Dockerfile, with what is known of the bases.
[[nodiscard]] Result<> planJob(BuildJob *job, dockerfile::Dockerfile file);

/// Plans again where bases that are known now have triggers that take from stages (spec 3.10); returns
/// whether that changed anything.
[[nodiscard]] Result<bool> planTriggersAnew(BuildJob *job);

/// Warns of each --build-arg that nothing in the file takes.
void warnOfUnusedArgs(const BuildJob &job);

} // namespace cooperage::build
