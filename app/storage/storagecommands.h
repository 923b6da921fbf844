#pragma once

#include <QObject>
#include <QPointer>

class QAction;

namespace cooperage::gui {

class EditorTabs;
class StorageController;
class StoragePlace;
class Workbench;

/// Opens the storage page as a tab of the window. What it frees goes on when the tab is closed.
class StorageCommands : public QObject
{
    Q_OBJECT

public:
    StorageCommands(Workbench *workbench, EditorTabs *tabs, QObject *parent);

    [[nodiscard]] QAction *action() const { return m_show; }
    [[nodiscard]] bool isOpen() const { return !m_place.isNull(); }
    void show();

private:
    Workbench *m_workbench;
    EditorTabs *m_tabs;
    StorageController *m_controller;
    QAction *m_show;
    QPointer<StoragePlace> m_place;
};

} // namespace cooperage::gui
