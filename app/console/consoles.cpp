#include "app/console/consoles.h"

#include "app/console/consoleplace.h"
#include "app/editor/editortabs.h"
#include "app/formdialog.h"
#include "app/history/historycontroller.h"
#include "app/images/imageactions.h"
#include "app/images/imagecatalog.h"
#include "app/images/tagdialog.h"
#include "app/workbench.h"

#include <QPointer>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static constexpr int commandTimeout = 3600; // Where there are no terminals; others are told that we are gone.

Consoles::Consoles(Workbench *workbench, EditorTabs *tabs, QObject *parent)
    : QObject(parent), m_workbench(workbench), m_tabs(tabs)
{
}

void Consoles::follow(ImageActions *actions)
{
    connect(actions, &ImageActions::consoleWanted, this, &Consoles::openShell);
    connect(actions, &ImageActions::runWanted, this, &Consoles::askForCommand);
}

void Consoles::follow(HistoryController *history)
{
    using sessions::WorkingState;
    connect(history, &HistoryController::consoleReady, this,
            [this, history = QPointer(history)](const QString &session, const WorkingState &state) {
                ConsoleRequest request{.run = sessions::requestFor(state, {.command = engine::shellCommand(),
                                                                           .shell = true,
                                                                           .timeoutSeconds = commandTimeout}),
                                       .place = tr("session %1").arg(session)};
                request.keepSnapshot = [history, session, state](const engine::RunOutcome &outcome) {
                    if (history)
                        history->keep(session, state,
                                      {.title = tr("console"),
                                       .image = outcome.image,
                                       .operation = outcome.operation,
                                       .exitCode = outcome.exitCode});
                };
                open(std::move(request));
            });
}

void Consoles::openShell(const engine::ImageRecord &image)
{
    open({.run = {.image = image.uuid,
                  .command = engine::shellCommand(),
                  .shell = true,
                  .timeoutSeconds = commandTimeout},
          .place = referenceOf(image)});
}

void Consoles::askForCommand(const engine::ImageRecord &image)
{
    auto *dialog =
        new FormDialog(u"commandDialog"_s, tr("Run a Command in %1").arg(referenceOf(image)), tr("&Run"),
                       {{u"commandEdit"_s, tr("&Command:"), {}, tr("as a shell takes it: ls -l /etc | head")},
                        {.name = u"commandFolder"_s,
                         .label = tr("&Folder in the image:"),
                         .placeholder = tr("the image's own"),
                         .check = [](const QString &folder) -> Result<> {
                             if (folder.startsWith(u'/'))
                                 return {};
                             return failure(ErrorKind::BadInput, tr("The folder begins with a slash"));
                         },
                         .optional = true}},
                       m_tabs->window());
    connect(dialog, &FormDialog::chosen, this, [this, image](const QStringList &texts) {
        open({.kind = engine::ConsoleKind::Command,
              .run = {.image = image.uuid,
                      .command = texts.first(),
                      .shell = true,
                      .cwd = texts.last(),
                      .timeoutSeconds = commandTimeout},
              .place = referenceOf(image),
              .command = texts.first()});
    });
    dialog->open();
}

void Consoles::open(ConsoleRequest request)
{
    const QString iconName = request.kind == engine::ConsoleKind::Shell ? u"console"_s : u"run"_s;
    auto *place = new ConsolePlace(m_workbench->session(), std::move(request), m_tabs);
    connect(place, &ConsolePlace::imageWanted, this, &Consoles::askForTag);
    connect(place, &ConsolePlace::closeWanted, m_tabs, [this, place] { m_tabs->closePlace(place); });
    m_tabs->showPlace(place, iconName);
}

void Consoles::askForTag(const QString &uuid)
{
    const engine::ImageRecord image{.uuid = uuid, .tag = {}, .createdAt = {}};
    auto *dialog = new TagDialog({image}, TagPurpose::Add, m_workbench->images(), m_tabs->window());
    connect(dialog, &TagDialog::chosen, m_workbench->images(),
            [catalog = m_workbench->images()](const QList<sessions::TagChange> &changes) {
                catalog->change(changes, tr("Tag"));
            });
    dialog->open();
}

bool Consoles::askAboutRunning()
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        auto *place = qobject_cast<ConsolePlace *>(m_tabs->widget(index));
        if (place && place->isRunning()) {
            m_tabs->setCurrentWidget(place);
            place->askToClose();
            return true;
        }
    }
    return false;
}

} // namespace cooperage::gui
