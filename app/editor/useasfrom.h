#pragma once

class QPlainTextEdit;
class QString;

namespace cooperage::gui {

/// Makes `image` what the FROM at or above the cursor names, keeping its platform and its stage's name;
/// without one, puts a FROM first. One step for undo.
void useAsFrom(QPlainTextEdit *editor, const QString &image);

} // namespace cooperage::gui
