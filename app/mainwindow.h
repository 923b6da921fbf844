#pragma once

#include <QMainWindow>

class QLabel;
class QStackedWidget;

namespace cooperage::gui {

class BuildCommands;
class BuildPane;
class EditCommands;
class EditorCommands;
class EditorTabs;
class FileCommands;
class ImagePane;
class Consoles;
class ImagePlaces;
class InlineMessage;
class SessionDocks;
class StorageCommands;
class TransferCommands;
class SettingsWindow;
class Workbench;

/// Puts the parts side by side: files in the middle, images beside them, the build below.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(Workbench *workbench, QWidget *parent = nullptr);

    [[nodiscard]] EditorTabs *tabs() const { return m_tabs; }
    [[nodiscard]] FileCommands *files() const { return m_files; }

    /// Geometry, docks and the storage page.
    void restore();
    /// The files that were open.
    void openLast();
    /// Files open, folders open their Dockerfile.
    void openPaths(const QStringList &paths);

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeCentre();
    void makeDocks();
    void makeMenus();
    [[nodiscard]] QAction *makeSettingsAction();
    void makeStatusLine();
    void showConnections();
    /// Made at the first call.
    [[nodiscard]] SettingsWindow *settingsWindow();
    void connectFiles();
    void showPages();
    void remember() const;
    void askToClose();

    Workbench *m_workbench;
    EditorTabs *m_tabs;
    FileCommands *m_files;
    EditCommands *m_edit;
    EditorCommands *m_editor;
    BuildCommands *m_build;
    InlineMessage *m_message;
    QStackedWidget *m_centre;
    BuildPane *m_buildPane = nullptr;
    QDockWidget *m_buildDock = nullptr;
    ImagePane *m_images = nullptr;
    ImagePlaces *m_places = nullptr;
    Consoles *m_consoles = nullptr;
    TransferCommands *m_transfers = nullptr;
    StorageCommands *m_storage = nullptr;
    QDockWidget *m_imageDock = nullptr;
    SessionDocks *m_sessions = nullptr;
    QLabel *m_hint = nullptr;
    SettingsWindow *m_settings = nullptr;
    bool m_closing = false; ///< The user agreed to lose or saved everything.
};

} // namespace cooperage::gui
