#pragma once

#include "core/embedded/store/fd.h"
#include "core/embedded/store/store.h"

namespace cooperage::embedded {

/// A file without a name in the store's tmp folder: it is gone with its descriptor, whatever happens.
[[nodiscard]] Result<Fd> scratchFile(const Store &store);

/// Writes all of `bytes` at `offset`.
[[nodiscard]] Result<> writeAt(int fd, QByteArrayView bytes, qint64 offset);

} // namespace cooperage::embedded
