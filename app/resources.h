#pragma once

namespace cooperage::gui {

/// Makes the icons and the example known: as part of a static library they are not found by themselves.
void loadResources();

} // namespace cooperage::gui
