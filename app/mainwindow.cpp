#include "app/mainwindow.h"

#include "app/aboutdialog.h"
#include "app/actions.h"
#include "app/appearance.h"
#include "app/buildcommands.h"
#include "app/buildpane/buildpane.h"
#include "app/connections/enginesession.h"
#include "app/connections/enginestatus.h"
#include "app/connections/switchnotice.h"
#include "app/console/consoles.h"
#include "app/details/imageplaces.h"
#include "app/editcommands.h"
#include "app/editor/baseline.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/editorcommands.h"
#include "app/filecommands.h"
#include "app/history/historypane.h"
#include "app/history/sessiondocks.h"
#include "app/images/imageactions.h"
#include "app/images/imagepane.h"
#include "app/inlinemessage.h"
#include "app/recentfiles.h"
#include "app/settings.h"
#include "app/settings/settingswindow.h"
#include "app/storage/storagecommands.h"
#include "app/thememenu.h"
#include "app/transfers/transfercommands.h"
#include "app/welcomepage.h"
#include "app/workbench.h"

#include <QDockWidget>
#include <QDropEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

MainWindow::MainWindow(Workbench *workbench, QWidget *parent)
    : QMainWindow(parent),
      m_workbench(workbench),
      m_tabs(new EditorTabs(this)),
      m_files(new FileCommands(m_tabs, workbench->recentFiles(), this)),
      m_edit(new EditCommands(m_tabs, this)),
      m_editor(new EditorCommands(m_tabs, this)),
      m_build(new BuildCommands(m_tabs, m_files, workbench->builds(), this)),
      m_message(new InlineMessage(this)),
      m_centre(new QStackedWidget(this))
{
    setObjectName(u"mainWindow"_s);
    setAcceptDrops(true);
    makeCentre();
    makeDocks();
    makeMenus();
    makeStatusLine();
    connectFiles();
    showPages();
    resize(1180, 740);
}

void MainWindow::makeCentre()
{
    m_message->setObjectName(u"windowMessage"_s);
    auto *welcome = new WelcomePage(m_workbench->recentFiles(), m_workbench->session(), this);
    connect(welcome, &WelcomePage::openFileWanted, m_files, &FileCommands::openDialog);
    connect(welcome, &WelcomePage::openFolderWanted, m_files, &FileCommands::openFolderDialog);
    connect(welcome, &WelcomePage::exampleWanted, m_files, &FileCommands::openExample);
    connect(welcome, &WelcomePage::recentWanted, m_tabs, &EditorTabs::openFile);
    connect(welcome, &WelcomePage::connectionsWanted, this, &MainWindow::showConnections);
    auto *scroller = new QScrollArea(this);
    scroller->setFrameShape(QFrame::NoFrame);
    scroller->setFocusPolicy(Qt::NoFocus); // What is in it has the focus, and is scrolled to.
    scroller->setWidgetResizable(true);
    scroller->setWidget(welcome);
    m_centre->addWidget(scroller);
    m_centre->addWidget(m_tabs);
    auto *column = new QWidget(this);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_centre, 1);
    setCentralWidget(column);
}

void MainWindow::makeDocks()
{
    m_imageDock = new QDockWidget(tr("Images"), this);
    m_imageDock->setObjectName(u"imageDock"_s);
    m_images = new ImagePane(m_workbench->images(), m_imageDock);
    m_imageDock->setWidget(m_images);
    connect(m_images->actions(), &ImageActions::useAsBaseWanted, this,
            [this](const QString &reference) { useAsBase(m_tabs, reference); });
    addDockWidget(Qt::LeftDockWidgetArea, m_imageDock);

    m_buildPane = new BuildPane(m_workbench->builds(), m_build->buildAction(), m_build->stopAction(), this);
    m_buildDock = new QDockWidget(tr("Build"), this);
    m_buildDock->setObjectName(u"buildDock"_s);
    m_buildDock->setWidget(m_buildPane);
    addDockWidget(Qt::BottomDockWidgetArea, m_buildDock);
    m_build->setPane(m_buildPane);
    connect(m_build, &BuildCommands::paneWanted, m_buildDock, [this] {
        m_buildDock->show();
        m_buildDock->raise();
    });
    connect(m_build, &BuildCommands::subjectChanged, this, [this](const QString &title) {
        m_buildDock->setWindowTitle(title.isEmpty() ? tr("Build") : tr("Build: %1").arg(title));
    });
    m_sessions = new SessionDocks(m_workbench, m_tabs, m_buildDock, this);
    m_transfers = new TransferCommands(m_workbench, m_images, m_buildDock, this);
    m_storage = new StorageCommands(m_workbench, m_tabs, this);
    m_places = new ImagePlaces(m_workbench->images(), m_images->actions(), m_tabs, this);
    connect(m_images->actions(), &ImageActions::detailsWanted, m_places, &ImagePlaces::showImage);
    connect(m_images->actions(), &ImageActions::comparisonWanted, m_places, &ImagePlaces::compare);
    connect(m_sessions->history(), &HistoryPane::imageWanted, m_places,
            [this](const QString &uuid) { m_places->showImage({.uuid = uuid, .tag = {}, .createdAt = {}}); });
    m_consoles = new Consoles(m_workbench, m_tabs, this);
    m_consoles->follow(m_images->actions());
    m_consoles->follow(m_sessions->controller());
    m_buildDock->raise();
    resizeDocks({m_imageDock}, {350}, Qt::Horizontal);
    resizeDocks({m_buildDock}, {250}, Qt::Vertical);
}

void MainWindow::makeMenus()
{
    m_files->fillMenu(menuBar()->addMenu(tr("&File")));
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    m_edit->fillMenu(edit);
    m_editor->fillMenu(edit);
    edit->addSeparator();
    edit->addAction(makeSettingsAction());
    m_build->fillMenu(menuBar()->addMenu(tr("&Build")));
    QMenu *image = menuBar()->addMenu(tr("&Image"));
    for (const QList<QAction *> &group : m_images->actionGroups()) {
        image->addActions(group);
        image->addSeparator();
    }
    image->addAction(m_storage->action());
    m_sessions->fillSessionMenu(menuBar()->addMenu(tr("&Session")));
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addAction(m_imageDock->toggleViewAction());
    QAction *showBuild = m_buildDock->toggleViewAction();
    view->addAction(showBuild);
    connect(view, &QMenu::aboutToShow, this, [showBuild] { showBuild->setText(tr("&Build")); });
    view->addAction(m_transfers->dock()->toggleViewAction());
    m_sessions->addToViewMenu(view);
    view->addSeparator();
    fillThemeMenu(view->addMenu(tr("&Theme")), m_workbench->appearance());
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *about = makeAction(
        {u"helpAbout"_s, u"about"_s, tr("&About Cooperage"), tr("Show the program's version")}, this);
    about->setMenuRole(QAction::AboutRole);
    connect(about, &QAction::triggered, this,
            [this] { (new AboutDialog(*m_workbench->session(), this))->open(); });
    help->addAction(about);
}

QAction *MainWindow::makeSettingsAction()
{
    QAction *action =
        makeAction({u"editSettings"_s, u"settings"_s, tr("&Settings…"), tr("Registry accounts and engines"),
                    QKeySequence(Qt::CTRL | Qt::Key_Comma)},
                   this);
    action->setMenuRole(QAction::PreferencesRole);
    connect(action, &QAction::triggered, this,
            [this] { settingsWindow()->showPage(SettingsWindow::Page::Registries); });
    return action;
}

void MainWindow::showConnections()
{
    settingsWindow()->showPage(SettingsWindow::Page::Connections);
}

SettingsWindow *MainWindow::settingsWindow()
{
    if (!m_settings)
        m_settings = new SettingsWindow(m_workbench, this);
    return m_settings;
}

void MainWindow::makeStatusLine()
{
    m_hint = new QLabel(this);
    m_hint->setObjectName(u"editorHint"_s);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    statusBar()->addWidget(m_hint, 1);
    auto *engine = new EngineStatus(m_workbench->session(), this);
    statusBar()->addPermanentWidget(engine);
    connect(engine, &EngineStatus::connectionsWanted, this, &MainWindow::showConnections);
    connect(m_tabs, &EditorTabs::hintChanged, m_hint, &QLabel::setText);
}

void MainWindow::connectFiles()
{
    connect(m_tabs, &EditorTabs::pagesChanged, this, &MainWindow::showPages);
    connect(m_tabs, &EditorTabs::failed, this, [this](const Error &error) {
        m_message->show(Tone::Bad, error.text(), tr("Remove from the List"),
                        [this, path = error.where] { m_workbench->recentFiles()->remove(path); });
    });
    connect(m_files, &FileCommands::failed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_files, &FileCommands::notice, this,
            [this](const QString &text) { m_message->show(Tone::Neutral, text); });
    auto *turned =
        new SwitchNotice(m_workbench->session(), m_workbench->builds(), m_workbench->transfers(), this);
    connect(turned, &SwitchNotice::notice, this,
            [this](const QString &text) { m_message->show(Tone::Neutral, text); });
    connect(m_files, &FileCommands::dockerfileMissing, this, [this](const QString &folder) {
        m_message->show(Tone::Warning, tr("There is no Dockerfile in %1.").arg(folder), tr("Write One"),
                        [this, folder] {
                            settings::lastFolder.set(folder);
                            m_tabs->newFile();
                        });
    });
    connect(m_files, &FileCommands::quitRequested, this, &QWidget::close);
}

void MainWindow::showPages()
{
    const EditorPage *page = m_tabs->currentPage();
    const QWidget *place = m_tabs->currentPlace();
    m_centre->setCurrentIndex(m_tabs->count() > 0 ? 1 : 0);
    m_hint->setText({});
    const QString title = page ? page->document()->title() : place ? place->windowTitle() : QString();
    setWindowTitle(title.isEmpty() ? u"Cooperage"_s : u"%1[*] — Cooperage"_s.arg(title));
    setWindowModified(page && page->document()->isModified());
}

void MainWindow::openPaths(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (QFileInfo(path).isDir())
            m_files->openFolder(QFileInfo(path).absoluteFilePath());
        else
            m_tabs->openFile(path);
    }
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ActivationChange && isActiveWindow()) {
        for (EditorPage *page : m_tabs->pages())
            page->document()->checkOutside();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const bool isOurs = event->source(); // An image out of the list has nothing to be imported.
    if (isOurs)
        return;
    if (event->mimeData()->hasUrls() || event->mimeData()->hasText())
        event->acceptProposedAction();
}

// An archive, or the folder of an OCI layout.
static bool isImportable(const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    return name.contains(".tar"_L1) || name.endsWith(".tgz"_L1) || QFileInfo::exists(path + u"/oci-layout"_s);
}

void MainWindow::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        const QString path = url.toLocalFile();
        if (isImportable(path))
            m_transfers->askForImport(path);
        else if (!path.isEmpty())
            paths.append(path);
    }
    openPaths(paths);
    if (!event->mimeData()->hasUrls())
        m_transfers->askForImport(event->mimeData()->text().trimmed());
}

} // namespace cooperage::gui
