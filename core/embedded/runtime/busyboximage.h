#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

#include <QString>

namespace cooperage::embedded {

/// Path of a static busybox of this machine, or empty.
[[nodiscard]] QString staticBusybox();

/// Makes sure that there is a public image `busybox:latest`, made of that busybox, so that a machine without
/// network has something to build on. Made anew only when the program changed; the same program gives the
/// same layer.
[[nodiscard]] Result<> ensureBusyboxImage(Store &store, const QString &busybox);

} // namespace cooperage::embedded
