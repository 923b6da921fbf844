#pragma once

#include "core/engine/imagelist.h"
#include "core/sessions/imageorigins.h"

#include <functional>

class QObject;

namespace cooperage::gui {

/// "built from api/Dockerfile, step 7 (line 12): RUN make" or "run of alpine: apk add git"; empty where
/// nothing is known.
[[nodiscard]] QString originText(const sessions::ImageOrigin &origin);
/// The Dockerfile's whole path and the line, or the session.
[[nodiscard]] QString placeText(const sessions::ImageOrigin &origin);

/// Hands the page on once its images that builds or sessions of this computer made say so, instead of the
/// engine's own words; reads the sessions on another thread. Not at all if `context` is gone by then.
void describeOrigins(QObject *context, const sessions::SessionStore &store, const engine::ImagePage &page,
                     const std::function<void(const engine::ImagePage &page)> &then);

} // namespace cooperage::gui
