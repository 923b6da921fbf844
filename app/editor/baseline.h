#pragma once

#include <QString>

namespace cooperage::gui {

class CodeEditor;
class EditorTabs;

/// Puts an image into the FROM line of the stage that the cursor is in, as one step of undo. A text without a
/// FROM gets one at its beginning.
void setBaseImage(CodeEditor *editor, const QString &reference);

/// The same in the current Dockerfile, or in a new one.
void useAsBase(EditorTabs *tabs, const QString &reference);

} // namespace cooperage::gui
