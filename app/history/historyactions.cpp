#include "app/history/historyactions.h"

#include "app/actions.h"
#include "core/sessions/sessionnames.h"

#include <QMenu>
#include <QWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

HistoryActions::HistoryActions(QWidget *owner) : QObject(owner)
{
    const auto make = [&](const ActionSpec &spec) {
        QAction *action = makeAction(spec, this);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setProperty("usualToolTip", action->toolTip());
        owner->addAction(action);
        return action;
    };
    const auto ctrl = [](Qt::Key key) { return QKeySequence(Qt::CTRL | key); };
    start = make({u"historyStart"_s, u"add"_s, tr("&New Session…"), tr("Start a session from an image"),
                  QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)});
    checkout = make({u"historyCheckout"_s, u"checkout"_s, tr("&Check Out Branch"),
                     tr("Make the branch of the selected entry the active one"), ctrl(Qt::Key_Return)});
    branch = make({u"historyBranch"_s, u"branch"_s, tr("&Branch Here…"),
                   tr("Begin a new branch at the selected entry"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B)});
    rollback = make({u"historyRollback"_s, u"rollback"_s, tr("Roll Bac&k to Here"),
                     tr("Move the active branch to the selected entry; what came after stays in the history"),
                     ctrl(Qt::Key_Backspace)});
    run = make({u"historyRun"_s, u"run"_s, tr("&Run a Command Here"),
                tr("Run a command in the selected snapshot"), ctrl(Qt::Key_R)});
    console = make({u"historyConsole"_s, u"console"_s, tr("O&pen Console Here"),
                    tr("Open a shell in the selected snapshot"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return)});
    folder = make({u"historyFolder"_s, u"folder"_s, tr("Set &Folder…"), tr("Set the folder for later runs"),
                   ctrl(Qt::Key_D)});
    variables = make({u"historyVariables"_s, u"variables"_s, tr("Set &Variables…"),
                      tr("Set environment variables for later runs"), ctrl(Qt::Key_E)});
    addFiles = make({u"historyAddFiles"_s, u"addfile"_s, tr("&Add Files…"),
                     tr("Put files of this computer into the next run"), ctrl(Qt::Key_I)});
    tag = make(
        {u"historyTag"_s, u"tag"_s, tr("&Tag Image…"), tr("Give the selected image a tag"), ctrl(Qt::Key_T)});
    browse = make({u"historyBrowse"_s, u"image"_s, tr("Browse Fi&les"), tr("Look into the selected image"),
                   ctrl(Qt::Key_L)});
    from = make({u"historyFrom"_s, u"from"_s, tr("&Use as FROM"),
                 tr("Make the selected image the base in the editor's Dockerfile"), ctrl(Qt::Key_M)});
    copy = make({u"historyCopy"_s, u"copy"_s, tr("C&opy Image Id"), tr("Copy the id of the selected image"),
                 QKeySequence::Copy});
    rename = make({u"historyRename"_s, u"rename"_s, tr("Rena&me Session…"),
                   tr("Give the session another name"), QKeySequence(Qt::Key_F2)});
    remove = make({u"historyDelete"_s, u"delete"_s, tr("&Delete Session"),
                   tr("Delete the session; its images stay"), QKeySequence(Qt::SHIFT | Qt::Key_Delete)});
    zoomIn = make({u"historyZoomIn"_s, u"zoomin"_s, tr("Zoom &In"), tr("Show the history larger"),
                   QKeySequence::ZoomIn});
    zoomOut = make({u"historyZoomOut"_s, u"zoomout"_s, tr("&Zoom Out"), tr("Show the history smaller"),
                    QKeySequence::ZoomOut});
    refresh = make({u"historyRefresh"_s, u"refresh"_s, tr("Refre&sh"), tr("Read the sessions again"),
                    QKeySequence(Qt::Key_F5)});
}

QList<QAction *> HistoryActions::all() const
{
    return {start,   nullptr,   run,      console, checkout, branch,  rollback, nullptr,
            folder,  variables, addFiles, nullptr, tag,      browse,  from,     copy,
            nullptr, rename,    remove,   nullptr, zoomIn,   zoomOut, refresh};
}

void HistoryActions::fillMenu(QMenu *menu) const
{
    for (QAction *action : all()) {
        if (action)
            menu->addAction(action);
        else
            menu->addSeparator();
    }
}

void HistoryActions::enable(QAction *action, const QString &whyNot)
{
    action->setEnabled(whyNot.isEmpty());
    const QString usual = action->property("usualToolTip").toString();
    action->setToolTip(whyNot.isEmpty() ? usual : usual + u'\n' + whyNot);
}

void HistoryActions::update(const sessions::SessionView &view, const sessions::HistoryEntry *selected,
                            bool ready, bool busy)
{
    const QString noEntry = selected ? QString() : tr("Select an entry first.");
    const QString noEngine = !ready ? tr("The engine is not ready.")
                             : busy ? tr("Something is still running in this session.")
                                    : QString();
    const QString noSession = view.name.isEmpty() ? tr("There is no session yet.") : QString();
    const auto first = [](const QStringList &reasons) {
        const auto found =
            std::ranges::find_if(reasons, [](const QString &reason) { return !reason.isEmpty(); });
        return found == reasons.end() ? QString() : *found;
    };
    const QString ofBuild = sessions::isBuildSession(view.name)
                                ? tr("This session belongs to a build: start one of your own from the entry.")
                                : QString();
    const bool head = selected && selected->id == view.head();
    const bool tip = selected && std::ranges::contains(view.branches, selected->id, &sessions::Branch::tip);
    const QString layer = sessions::isLayerBranch(view.activeBranch)
                              ? tr("The branch of a layer stays where it is.")
                              : QString();
    enable(start, noEngine);
    enable(checkout, first({noEntry, tip    ? QString()
                                     : head ? tr("It is the active branch already.")
                                            : tr("No branch points here; make one.")}));
    enable(branch, noEntry);
    enable(rollback, first({noEntry, layer, head ? tr("The active branch is here already.") : QString()}));
    for (QAction *action : {run, console, folder, addFiles})
        enable(action, first({noEntry, ofBuild, noEngine}));
    enable(variables, first({noEntry, ofBuild}));
    enable(tag, first({noEntry, noEngine}));
    for (QAction *action : {browse, from, copy})
        enable(action, noEntry);
    enable(rename,
           first({noSession, sessions::isBuildSession(view.name) ? tr("A build's session keeps its name.")
                                                                 : QString()}));
    enable(remove, first({noSession, busy ? noEngine : QString()}));
}

} // namespace cooperage::gui
