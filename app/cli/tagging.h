#pragma once

#include "core/engine/engine.h"

namespace cooperage::cli {

/// Points a tag to image `after`, or, where that is empty, takes it from image `before`; and notes it in the
/// journal, from which the window undoes it.
[[nodiscard]] Result<> changeTag(engine::Engine &engine, const QString &tag, const QString &before,
                                 const QString &after, const QString &command);

} // namespace cooperage::cli
