#pragma once

class QAction;
class QString;
class QTreeView;

namespace cooperage::gui {

/// The selected rows of a list, columns as the view has them: tabs between cells, a line per row.
[[nodiscard]] QString selectedRowsText(const QTreeView *view);

/// Lets several rows of a list be selected and copied (Ctrl+C); the action is the view's.
QAction *addRowsCopy(QTreeView *view);

} // namespace cooperage::gui
