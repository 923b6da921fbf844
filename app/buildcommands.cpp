#include "app/buildcommands.h"

#include "app/actions.h"
#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildform.h"
#include "app/buildpane/buildpane.h"
#include "app/buildpane/buildstatus.h"
#include "app/buildpane/stepmodel.h"
#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/filecommands.h"

#include <QMenu>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

BuildCommands::BuildCommands(EditorTabs *tabs, FileCommands *files, BuildController *controller,
                             QObject *parent)
    : QObject(parent),
      m_tabs(tabs),
      m_files(files),
      m_controller(controller),
      m_build(makeAction({u"buildStart"_s, u"build"_s, tr("&Build"),
                          tr("Save the project's open files and build the image"),
                          QKeySequence(Qt::CTRL | Qt::Key_B)},
                         this)),
      m_stop(makeAction({u"buildStop"_s, u"stop"_s, tr("&Stop"),
                         tr("Stop the build; finished steps stay cached"), QKeySequence(Qt::Key_Escape)},
                        this)),
      m_goToFailed(
          makeAction({u"buildGoToFailed"_s, u"goto"_s, tr("&Go to Failed Line"),
                      tr("Show the line of the Dockerfile that failed"), QKeySequence(Qt::CTRL | Qt::Key_J)},
                     this))
{
    connect(m_build, &QAction::triggered, this, &BuildCommands::build);
    connect(m_stop, &QAction::triggered, controller, &BuildController::stop);
    connect(m_goToFailed, &QAction::triggered, this, [this] { goToLine(m_failedLine); });
    connect(tabs, &EditorTabs::pagesChanged, this, &BuildCommands::followSubject);
    connect(controller, &BuildController::stateChanged, this, &BuildCommands::updateActions);
    updateActions();
}

void BuildCommands::setPane(BuildPane *pane)
{
    m_pane = pane;
    connect(pane, &BuildPane::goToLineRequested, this, &BuildCommands::goToLine);
    // Here, so that it comes after the pane's own connection: the mark repeats what the pane says.
    connect(m_controller, &BuildController::started, this, [this] { // Also where it goes on by itself.
        m_failedLine = 0;
        if (EditorPage *page = m_tabs->find(m_controller->request().dockerfilePath))
            page->editor()->clearFailedLines();
    });
    connect(m_controller, &BuildController::finished, this, &BuildCommands::markFailure);
    followSubject();
}

void BuildCommands::fillMenu(QMenu *menu) const
{
    menu->addActions({m_build, m_stop});
    menu->addSeparator();
    menu->addAction(m_goToFailed);
}

EditorPage *BuildCommands::subject() const
{
    EditorPage *current = m_tabs->currentPage();
    if (current && current->document()->isDockerfile())
        return current;
    return m_lastDockerfile && m_tabs->indexOf(m_lastDockerfile) >= 0 ? m_lastDockerfile.data() : nullptr;
}

void BuildCommands::followSubject()
{
    EditorPage *page = subject();
    m_lastDockerfile = page;
    if (m_pane)
        m_pane->form()->setDockerfile(page ? page->document()->path() : QString());
    Q_EMIT subjectChanged(page ? page->document()->title() : QString());
    updateActions();
}

void BuildCommands::updateActions()
{
    m_build->setEnabled(subject() && !m_controller->isRunning());
    m_stop->setEnabled(m_controller->isRunning() && !m_controller->isStopping());
    m_goToFailed->setEnabled(m_failedLine > 0 && !m_controller->isRunning());
}

void BuildCommands::build()
{
    EditorPage *page = subject();
    if (!page || m_controller->isRunning())
        return;
    Q_EMIT paneWanted();
    QList<EditorPage *> unsaved = m_tabs->modifiedPages();
    if (page->document()->path().isEmpty() && !unsaved.contains(page))
        unsaved.prepend(page); // a build needs a folder
    m_files->saveAll(unsaved, [this, page = QPointer(page)](bool saved) {
        if (saved && page)
            start(page);
    });
}

void BuildCommands::start(EditorPage *page)
{
    const BuildOptions options = m_pane->form()->options();
    const auto arguments = parseArguments(options.arguments);
    if (!arguments) {
        m_pane->status()->showError(arguments.error().text());
        m_pane->form()->focusArguments();
        return;
    }
    m_pane->form()->remember();
    build::BuildRequest request;
    request.contextFolder = page->document()->folder();
    request.dockerfilePath = page->document()->path();
    request.dockerfileText = page->document()->text();
    if (!options.tag.isEmpty())
        request.tags = {options.tag};
    request.buildArgs = *arguments;
    request.target = options.target;
    request.noCache = options.noCache;
    m_controller->start(request);
}

void BuildCommands::markFailure(const build::BuildFinished &outcome)
{
    const auto &result = outcome.result;
    if (!result && result.error().kind != ErrorKind::Cancelled) {
        const StepModel::Step *step = m_pane->steps()->failedStep();
        const int first = step ? step->info.range.firstLine : lineInPlace(result.error().where);
        const int last = step ? step->info.range.lastLine : first;
        EditorPage *page = m_tabs->find(m_controller->request().dockerfilePath);
        // A text edited in the meantime may have other lines: then only the pane names the number.
        if (first > 0 && page && page->document()->text() == m_controller->request().dockerfileText) {
            m_failedLine = first;
            page->editor()->setFailedLines(first, last, m_pane->status()->text());
        }
    }
    updateActions();
}

void BuildCommands::goToLine(int line)
{
    EditorPage *page = m_tabs->openFile(m_controller->request().dockerfilePath);
    page->editor()->goToLine(page->editor()->failedLine().value_or(line));
}

} // namespace cooperage::gui
