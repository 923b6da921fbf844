#pragma once

#include <QWidget>

class QListWidget;

namespace cooperage::gui {

class EngineSession;
class RecentFiles;

/// What there is to do while no file is open.
class WelcomePage : public QWidget
{
    Q_OBJECT

public:
    WelcomePage(RecentFiles *recent, EngineSession *session, QWidget *parent = nullptr);

Q_SIGNALS:
    void openFileWanted();
    void openFolderWanted();
    void exampleWanted();
    void connectionsWanted();
    void recentWanted(const QString &path);

private:
    QWidget *makeStart(EngineSession *session);
    QWidget *makeRecent();
    void refreshRecent();

    RecentFiles *m_recent;
    QListWidget *m_list;
};

} // namespace cooperage::gui
