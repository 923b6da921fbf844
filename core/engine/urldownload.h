#pragma once

#include "core/base/error.h"

#include <QString>

#include <stop_token>

namespace cooperage::engine {

/// Fetches a URL's content into a file of this machine, where it is to be looked into. Blocks.
[[nodiscard]] Result<> downloadUrl(const QString &url, const QString &file, const std::stop_token &stop);

} // namespace cooperage::engine
