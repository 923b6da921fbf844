#pragma once

namespace cooperage::gui {

/// Has every tree that an assistive program asks about lay itself out at once when its rows change.
///
/// QTreeView puts layouts off, a hidden one until it is shown. With the layout that comes at last it throws
/// away its accessible cells; where the assistive program's question about a cell is what brings the layout,
/// the cell is gone in the middle of its own answer, and the program with it (Qt 6.8). Call once, after
/// QApplication is made.
void settleTreesForAssistiveTechnology();

} // namespace cooperage::gui
