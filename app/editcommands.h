#pragma once

#include <QObject>

class QAction;
class QMenu;

namespace cooperage::gui {

class EditorTabs;

/// The Edit menu. Its actions work on whichever text has the focus, else on the current editor.
class EditCommands : public QObject
{
    Q_OBJECT

public:
    EditCommands(EditorTabs *tabs, QObject *parent);

    void fillMenu(QMenu *menu) const;

private:
    template <typename Act>
    void onText(Act act);

    EditorTabs *m_tabs;
    QList<QList<QAction *>> m_groups;
};

} // namespace cooperage::gui
