#pragma once

class QObject;
class QString;
class QWidget;

namespace cooperage::gui {

/// Has a screen reader say `text` when it is done with what it says now.
void announce(QObject *source, const QString &text);

/// Object name for tests and styles, accessible name for people.
void nameWidget(QWidget *widget, const QString &objectName, const QString &accessibleName);

} // namespace cooperage::gui
