#pragma once

#include "core/build/buildjob.h"
#include "core/build/steporder.h"

namespace cooperage::build {

/// The mounts of a RUN as the engine takes them: what is of the build context becomes an image first, secrets
/// and agents are those of the build. A required one that the build was not given is an error; an optional
/// one is left out.
[[nodiscard]] engine::Task<QList<engine::RunMount>> runMounts(BuildJob *job, QList<MountOrder> orders);

/// The variable that tells programs where their SSH agent is, for a step with such mounts.
void tellAgent(const QList<MountOrder> &orders, QMap<QString, QString> *environment);

} // namespace cooperage::build
