#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/ociconfig.h"
#include "core/embedded/runtime/supervisor.h"

#include <string>

namespace cooperage::embedded {

/// Runs one container in a bundle folder of its own: writes config.json, resolv.conf and hosts, starts the
/// runtime under supervision and removes what a killed runtime left. The spec's resolvConf and hosts are
/// filled in here. A runtime that could not start the container is an error with the runtime's own words.
[[nodiscard]] Result<SupervisedEnd> runContainer(const RuntimeChoice &runtime, const std::string &bundle,
                                                 ContainerSpec spec, SupervisedCommand command,
                                                 const GuestRun &run, const std::stop_token &stop);

} // namespace cooperage::embedded
