#pragma once

#include "app/colors.h"

#include <QIcon>

namespace cooperage::gui {

/// An icon of resources/icons by its file's name ("build"). Its strokes take the tone's colour of the current
/// palette each time it is painted, so a change of the theme needs no reloading.
[[nodiscard]] QIcon icon(const QString &name, Tone tone = Tone::Neutral);

/// The program's own, coloured icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace cooperage::gui
