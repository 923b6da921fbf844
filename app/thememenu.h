#pragma once

class QMenu;

namespace cooperage::gui {

class Appearance;

/// The choice of the window's colours, which is remembered.
void fillThemeMenu(QMenu *menu, Appearance *appearance);

} // namespace cooperage::gui
