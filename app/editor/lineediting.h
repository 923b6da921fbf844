#pragma once

class QTextCursor;

namespace cooperage::gui {

/// Commands on the whole lines that a cursor's selection touches. Each is one step of undo and leaves the
/// cursor with the same text selected.

/// Comments the lines out with "# ", or takes the sign away again where every line that is not empty has it.
void toggleComment(QTextCursor cursor);
/// Exchanges the lines with the one above (or below); nothing happens at the text's edge. Returns where the
/// cursor goes.
[[nodiscard]] QTextCursor movedLines(QTextCursor cursor, bool down);
/// A copy of the lines below them. Returns where the cursor goes: to the copy.
[[nodiscard]] QTextCursor duplicatedLines(QTextCursor cursor);
/// Four spaces more (or up to four, or a tab, less) at each line's beginning; empty lines stay empty.
void indentLines(QTextCursor cursor);
void unindentLines(QTextCursor cursor);

} // namespace cooperage::gui
