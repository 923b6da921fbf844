#pragma once

#include <QList>
#include <QString>

class QAction;
class QLabel;
class QTreeView;
class QWidget;

/// What the pages of the settings look alike in.
namespace cooperage::gui {

/// A list of lines, one selected at a time.
[[nodiscard]] QTreeView *pageList(const QString &objectName, const QString &accessibleName, QWidget *parent);

/// Says why a list is empty and what to do.
[[nodiscard]] QLabel *emptyText(const QString &text, QWidget *parent);

/// A button with text for each action, in one row that wraps nothing.
[[nodiscard]] QWidget *buttonRow(const QList<QAction *> &actions, QWidget *parent);

} // namespace cooperage::gui
