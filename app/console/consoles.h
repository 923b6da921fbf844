#pragma once

#include "app/console/consolerequest.h"

#include <QObject>

namespace cooperage::gui {

class ConsolePlace;
class EditorTabs;
class HistoryController;
class ImageActions;
class Workbench;

/// Opens consoles and single commands in images and snapshots as tabs of the window.
class Consoles : public QObject
{
    Q_OBJECT

public:
    Consoles(Workbench *workbench, EditorTabs *tabs, QObject *parent);

    /// Carries out what these ask for.
    void follow(ImageActions *actions);
    void follow(HistoryController *history);

    void openShell(const engine::ImageRecord &image);
    void askForCommand(const engine::ImageRecord &image);

    /// Shows a console in which something runs and asks there what is to become of it. False if there is
    /// none.
    bool askAboutRunning();

private:
    void open(ConsoleRequest request);
    void askForTag(const QString &uuid);

    Workbench *m_workbench;
    EditorTabs *m_tabs;
};

} // namespace cooperage::gui
