#pragma once

#include "core/build/builder.h"

#include <QObject>
#include <QPointer>

class QAction;
class QMenu;

namespace cooperage::gui {

class BuildController;
class BuildPane;
class EditorPage;
class EditorTabs;
class FileCommands;

/// The Build menu: finds out what to build, saves it, starts it, and brings its failure back to the editor's
/// line.
class BuildCommands : public QObject
{
    Q_OBJECT

public:
    BuildCommands(EditorTabs *tabs, FileCommands *files, BuildController *controller, QObject *parent);

    /// The pane whose fields a build takes and whose steps it shows.
    void setPane(BuildPane *pane);
    void fillMenu(QMenu *menu) const;
    [[nodiscard]] QAction *buildAction() const { return m_build; }
    [[nodiscard]] QAction *stopAction() const { return m_stop; }

Q_SIGNALS:
    /// A build starts: the pane should be in sight.
    void paneWanted();
    void subjectChanged(const QString &title);

private:
    [[nodiscard]] EditorPage *subject() const;
    void followSubject();
    void updateActions();
    void build();
    void start(EditorPage *page);
    void markFailure(const build::BuildFinished &outcome);
    void goToLine(int line);

    EditorTabs *m_tabs;
    FileCommands *m_files;
    BuildController *m_controller;
    BuildPane *m_pane = nullptr;
    QPointer<EditorPage> m_lastDockerfile;
    QAction *m_build;
    QAction *m_stop;
    QAction *m_goToFailed;
    int m_failedLine = 0;
};

} // namespace cooperage::gui
