#include "app/history/sessiondocks.h"

#include "app/actions.h"
#include "app/buildpane/buildcontroller.h"
#include "app/editor/baseline.h"
#include "app/editor/editortabs.h"
#include "app/history/historyactions.h"
#include "app/history/historycontroller.h"
#include "app/history/historypane.h"
#include "app/operations/operationlist.h"
#include "app/operations/operationpane.h"
#include "app/workbench.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

SessionDocks::SessionDocks(Workbench *workbench, EditorTabs *tabs, QDockWidget *build, QMainWindow *window)
    : QObject(window),
      m_window(window),
      m_controller(new HistoryController(workbench->session(), this)),
      m_history(new HistoryPane(m_controller, workbench->images(), window)),
      m_operations(
          new OperationPane(new OperationList(workbench->session(), workbench->builds(), this), window)),
      m_historyDock(addDock(u"historyDock"_s, tr("History"), m_history, build)),
      m_operationDock(addDock(u"operationDock"_s, tr("Operations"), m_operations, build))
{
    build->raise();
    connect(workbench->builds(), &BuildController::finished, m_controller, &HistoryController::refresh);
    connect(m_operations, &OperationPane::buildWanted, build, [build] {
        build->show();
        build->raise();
    });
    connect(m_history, &HistoryPane::fromWanted, tabs,
            [tabs](const QString &image) { useAsBase(tabs, image); });
}

QDockWidget *SessionDocks::addDock(const QString &name, const QString &title, QWidget *pane,
                                   QDockWidget *beside)
{
    auto *dock = new QDockWidget(title, m_window);
    dock->setObjectName(name);
    dock->setWidget(pane);
    m_window->addDockWidget(Qt::BottomDockWidgetArea, dock);
    m_window->tabifyDockWidget(beside, dock);
    return dock;
}

void SessionDocks::addToViewMenu(QMenu *menu) const
{
    for (QDockWidget *dock : {m_historyDock, m_operationDock}) {
        menu->addAction(dock->toggleViewAction());
        connect(dock->toggleViewAction(), &QAction::triggered, dock, [dock](bool shown) {
            if (shown)
                dock->raise();
        });
    }
}

void SessionDocks::fillSessionMenu(QMenu *menu) const
{
    QAction *show = makeAction({u"historyShow"_s, u"branch"_s, tr("S&how the History"),
                                tr("Bring the history of sessions to the front"),
                                QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H)},
                               m_historyDock);
    menu->addAction(show);
    connect(show, &QAction::triggered, m_historyDock, [this] {
        m_historyDock->show();
        m_historyDock->raise();
        m_history->setFocus();
    });
    menu->addSeparator();
    m_history->actions()->fillMenu(menu);
}

} // namespace cooperage::gui
