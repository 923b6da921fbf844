#pragma once

#include "core/sessions/values.h"

#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace cooperage::gui {

/// What can be done with a session and at an entry of its history. The pane says what they do.
class HistoryActions : public QObject
{
    Q_OBJECT

public:
    /// `owner` is the widget in which their shortcuts count.
    explicit HistoryActions(QWidget *owner);

    void fillMenu(QMenu *menu) const;
    /// In the order of the tool bar; nullptr is a separator.
    [[nodiscard]] QList<QAction *> all() const;

    /// Enables what can be done: `selected` is the entry that is selected, if any. What cannot be done says
    /// why in its tool tip.
    void update(const sessions::SessionView &view, const sessions::HistoryEntry *selected, bool ready,
                bool busy);

    QAction *start, *checkout, *branch, *rollback, *run, *console, *folder, *variables, *addFiles, *tag,
        *browse, *from, *copy, *rename, *remove, *zoomIn, *zoomOut, *refresh;

private:
    void enable(QAction *action, const QString &whyNot);
};

} // namespace cooperage::gui
