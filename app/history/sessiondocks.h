#pragma once

#include <QObject>

class QDockWidget;
class QMainWindow;
class QMenu;

namespace cooperage::gui {

class EditorTabs;
class HistoryController;
class HistoryPane;
class OperationPane;
class Workbench;

/// The docks "History" and "Operations", beside the build's, and what they ask of the rest of the window.
class SessionDocks : public QObject
{
    Q_OBJECT

public:
    SessionDocks(Workbench *workbench, EditorTabs *tabs, QDockWidget *build, QMainWindow *window);

    void addToViewMenu(QMenu *menu) const;
    void fillSessionMenu(QMenu *menu) const;
    [[nodiscard]] HistoryPane *history() const { return m_history; }
    [[nodiscard]] HistoryController *controller() const { return m_controller; }

private:
    [[nodiscard]] QDockWidget *addDock(const QString &name, const QString &title, QWidget *pane,
                                       QDockWidget *beside);

    QMainWindow *m_window;
    HistoryController *m_controller;
    HistoryPane *m_history;
    OperationPane *m_operations;
    QDockWidget *m_historyDock;
    QDockWidget *m_operationDock;
};

} // namespace cooperage::gui
