#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildpane.h"
#include "app/console/consoles.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/filecommands.h"
#include "app/mainwindow.h"
#include "app/settings.h"
#include "app/storage/storagecommands.h"
#include "app/workbench.h"

#include <QCloseEvent>

// How the window closes, and what it remembers until it opens again.
namespace cooperage::gui {

void MainWindow::restore()
{
    restoreGeometry(settings::windowGeometry.get());
    restoreState(settings::windowState.get());
    m_buildPane->restoreSplitter(settings::buildSplitter.get());
    if (settings::storageOpen.get())
        m_storage->show();
}

void MainWindow::openLast()
{
    QWidget *place = m_tabs->currentPlace();
    const int active = settings::activeFile.get();
    openPaths(settings::openFiles.get());
    const QList<EditorPage *> pages = m_tabs->pages();
    if (active >= 0 && active < pages.size())
        m_tabs->setCurrentWidget(pages[active]);
    else if (place)
        m_tabs->setCurrentWidget(place);
}

void MainWindow::remember() const
{
    settings::windowGeometry.set(saveGeometry());
    settings::windowState.set(saveState());
    settings::buildSplitter.set(m_buildPane->splitterState());
    settings::openFiles.set(m_tabs->paths());
    settings::activeFile.set(int(m_tabs->pages().indexOf(m_tabs->currentPage())));
    settings::storageOpen.set(m_storage->isOpen());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_consoles->askAboutRunning()) {
        event->ignore();
        return;
    }
    if (!m_closing && (!m_tabs->modifiedPages().isEmpty() || m_workbench->builds()->isRunning())) {
        event->ignore();
        askToClose();
        return;
    }
    remember();
    event->accept();
}

void MainWindow::askToClose()
{
    BuildController *builds = m_workbench->builds();
    const auto close = [this, builds](bool goOn) {
        if (!goOn)
            return;
        m_closing = true;
        if (!builds->isRunning()) {
            QWidget::close();
            return;
        }
        connect(builds, &BuildController::finished, this, &QWidget::close);
        builds->stop();
    };
    m_files->askToSave(m_tabs->modifiedPages(), close,
                       builds->isRunning()
                           ? tr("The running build will be stopped; its finished steps stay cached.")
                           : QString());
}

} // namespace cooperage::gui
