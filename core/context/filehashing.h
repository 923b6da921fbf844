#pragma once

#include "core/base/error.h"
#include "core/context/contextroot.h"

#include <QList>

#include <stop_token>

namespace cooperage::context {

/// Fills in the digests of all files among `found`, in parallel, from the cache where it knows them. Size,
/// mode and times are brought up to date with the bytes that were read. Paths in `found` are places in
/// `root`.
[[nodiscard]] Result<> hashFiles(const ContextRoot &root, HashCache &cache, const QList<Found *> &found,
                                 const std::stop_token &stop);

/// What stands for "stopped by the user" everywhere in the context.
[[nodiscard]] Error cancelled();

} // namespace cooperage::context
