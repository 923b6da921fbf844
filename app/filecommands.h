#pragma once

#include "core/base/error.h"

#include <QObject>

#include <functional>

class QAction;
class QMenu;
class QWidget;

namespace cooperage::gui {

class EditorPage;
class EditorTabs;
class RecentFiles;

/// The File menu: its actions and what they do, with the questions that go with them. No call waits: what
/// follows a question or a write to the disk is given as `done`, which is told whether to go on.
class FileCommands : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(bool goOn)>;

    FileCommands(EditorTabs *tabs, RecentFiles *recent, QWidget *window);

    void fillMenu(QMenu *menu) const;

    void openDialog();
    void openFolderDialog();
    /// Opens the folder's Dockerfile.
    void openFolder(const QString &folder);
    void openExample();

    void save(EditorPage *page, Done done);
    void saveAs(EditorPage *page, Done done);
    void saveAll(const QList<EditorPage *> &pages, Done done);
    /// Asks once about all of `pages`: save, discard or cancel. `alsoEnds` is a sentence about what ends
    /// besides, as a running build. Goes on at once where nothing is to be lost.
    void askToSave(const QList<EditorPage *> &pages, Done done, const QString &alsoEnds = {});

Q_SIGNALS:
    void quitRequested();
    /// For the window's message line.
    void failed(const cooperage::Error &error);
    void notice(const QString &text);
    /// There is no Dockerfile in the folder.
    void dockerfileMissing(const QString &folder);

private:
    void makeActions();
    void refreshRecent();
    void updateActions();
    void close(EditorPage *page);

    EditorTabs *m_tabs;
    RecentFiles *m_recent;
    QWidget *m_window;
    QMenu *m_recentMenu;
    QAction *m_new = nullptr;
    QAction *m_open = nullptr;
    QAction *m_openFolder = nullptr;
    QAction *m_example = nullptr;
    QAction *m_save = nullptr;
    QAction *m_saveAs = nullptr;
    QAction *m_close = nullptr;
    QAction *m_quit = nullptr;
};

} // namespace cooperage::gui
