#pragma once

#include <QJsonObject>

namespace cooperage::embedded {

/// The `linux.seccomp` part of an OCI config: everything not named fails with EPERM (Docker's default
/// profile).
[[nodiscard]] QJsonObject seccompProfile();

} // namespace cooperage::embedded
