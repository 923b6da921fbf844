#include "app/console/consoleplace.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/connections/enginesession.h"
#include "app/console/choicebar.h"
#include "app/console/terminalview.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static QString titleOf(const ConsoleRequest &request)
{
    return request.kind == engine::ConsoleKind::Shell
               ? ConsolePlace::tr("Console: %1").arg(request.place)
               : ConsolePlace::tr("%1 — %2").arg(request.command.simplified().left(40), request.place);
}

ConsolePlace::ConsolePlace(EngineSession *session, ConsoleRequest request, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_engine(session->engine()),
      m_request(std::move(request)),
      m_view(new TerminalView(this)),
      m_state(new QLabel(this)),
      m_bar(new ChoiceBar(this))
{
    setObjectName(u"consolePlace"_s);
    setWindowTitle(titleOf(m_request));
    m_view->setObjectName(u"consoleView"_s);
    m_bar->setObjectName(u"consoleBar"_s);
    m_state->setObjectName(u"consoleState"_s);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTopRow());
    layout->addWidget(m_bar);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    connect(m_view, &TerminalView::keys, this, [this](const QByteArray &bytes) {
        if (m_terminal)
            m_terminal->write(bytes);
    });
    connect(m_view, &TerminalView::sizeChanged, this, [this](engine::TerminalSize size) {
        if (m_terminal)
            m_terminal->resize(size);
    });
    connect(m_view, &TerminalView::selectionChanged, m_copy, &QAction::setEnabled);
    // Its size is known once it has been laid out.
    QMetaObject::invokeMethod(this, &ConsolePlace::start, Qt::QueuedConnection);
}

ConsolePlace::~ConsolePlace()
{
    m_stop.request_stop();
}

QAction *ConsolePlace::makeAction(const QString &name, const QString &icon, const QString &text,
                                  const QString &tip, const QKeySequence &keys,
                                  const std::function<void()> &act)
{
    QAction *action = gui::makeAction({name, icon, text, tip, keys}, this);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    connect(action, &QAction::triggered, this, act);
    return action;
}

QWidget *ConsolePlace::makeTopRow()
{
    const auto keys = [](Qt::Key key) { return QKeySequence(Qt::CTRL | Qt::SHIFT | key); };
    m_copy = makeAction(u"consoleCopy"_s, u"copy"_s, tr("&Copy"), tr("Copy the selected text"),
                        keys(Qt::Key_C), [this] { m_view->copy(); });
    m_paste = makeAction(u"consolePaste"_s, u"paste"_s, tr("&Paste"), tr("Paste as if it were typed"),
                         keys(Qt::Key_V), [this] { m_view->paste(); });
    QAction *find = makeAction(u"consoleFind"_s, u"search"_s, tr("&Find"), tr("Search in the output"),
                               keys(Qt::Key_F), [this] { m_view->search(); });
    QAction *larger = makeAction(u"consoleZoomIn"_s, u"zoomin"_s, tr("&Larger"), tr("Show the text larger"),
                                 keys(Qt::Key_Plus), [this] { m_view->zoom(1); });
    QAction *smaller =
        makeAction(u"consoleZoomOut"_s, u"zoomout"_s, tr("&Smaller"), tr("Show the text smaller"),
                   keys(Qt::Key_Underscore), [this] { m_view->zoom(-1); });
    m_end = makeAction(u"consoleEnd"_s, u"stop"_s, tr("&End…"), tr("End what runs here"), keys(Qt::Key_Q),
                       [this] { askToClose(); });
    m_copy->setEnabled(false);
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(8, 2, 4, 2);
    layout->setSpacing(2);
    layout->addWidget(m_state, 1);
    for (QAction *action : {m_copy, m_paste, find, larger, smaller, m_end}) {
        auto *button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        if (action == m_end)
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
    }
    return row;
}

void ConsolePlace::update(const QString &state)
{
    const QString what = m_request.command.isEmpty() ? tr("shell") : m_request.command.simplified();
    m_state->setText(tr("%1 — %2 in %3").arg(state, what, m_request.place));
    m_state->setToolTip(m_state->text());
    m_end->setEnabled(m_running);
    m_paste->setEnabled(m_running);
    m_view->setInput(m_running);
}

void ConsolePlace::start()
{
    m_running = true;
    m_bar->hide();
    m_view->clear();
    m_stop = {};
    update(tr("Starting"));
    QCoro::connect(
        engine::openConsole(m_engine, m_request.kind, {m_request.run, m_view->size()}, m_stop.get_token()),
        this, [this](const Result<std::shared_ptr<engine::Terminal>> &opened) {
            if (opened)
                take(*opened);
            else
                fail(opened.error());
        });
}

void ConsolePlace::take(const std::shared_ptr<engine::Terminal> &terminal)
{
    m_terminal = terminal;
    connect(terminal.get(), &engine::Terminal::output, m_view, &TerminalView::show);
    connect(terminal.get(), &engine::Terminal::ended, this, &ConsolePlace::showEnd);
    terminal->resize(m_view->size()); // It may have changed while the answer was on its way.
    update(tr("Running"));
}

void ConsolePlace::showEnd()
{
    const Result<engine::RunOutcome> outcome = *m_terminal->outcome();
    m_terminal.reset();
    if (outcome)
        showResult(*outcome);
    else
        fail(outcome.error());
}

void ConsolePlace::fail(const Error &error)
{
    m_session->report(error);
    if (error.kind == ErrorKind::Cancelled)
        finish(Tone::Neutral, tr("Ended; nothing was kept."), {});
    else
        finish(Tone::Bad, error.text(), {});
}

void ConsolePlace::showResult(const engine::RunOutcome &outcome)
{
    QString text = outcome.timedOut     ? tr("The engine ended it: its time was up.")
                   : outcome.signal > 0 ? tr("Ended by signal %1.").arg(outcome.signal)
                                        : tr("Exit code %1.").arg(outcome.exitCode);
    constexpr int notFound = 127;
    if (outcome.exitCode == notFound && m_request.kind == engine::ConsoleKind::Shell)
        text += u' ' + tr("The image may have no shell; Run Command starts any other program.");
    const bool changed = !outcome.image.isEmpty() && outcome.image != m_request.run.image;
    if (!outcome.timedOut)
        text += u' ' + (changed ? tr("What it changed is a new image, which has no tag yet.")
                                : tr("The image is as it was."));
    const bool good = outcome.exitCode == 0 && outcome.signal <= 0 && !outcome.timedOut;
    finish(good ? Tone::Good : Tone::Warning, text, changed ? std::optional(outcome) : std::nullopt);
}

void ConsolePlace::finish(Tone tone, const QString &text, const std::optional<engine::RunOutcome> &result)
{
    m_running = false;
    update(tr("Ended"));
    if (m_closing) {
        Q_EMIT closeWanted();
        return;
    }
    QList<ChoiceBar::Choice> choices{{u"consoleAgain"_s, tr("&Run Again"),
                                      tr("Start it again in the image in which it was started"), [this] {
                                          start();
                                          m_view->setFocus();
                                      }}};
    if (result && m_request.keepSnapshot)
        choices.append({u"consoleSnapshot"_s, tr("Keep as &Snapshot"),
                        tr("Make the result the next entry of the session's history"),
                        [this, result = *result] { keepSnapshot(result); }});
    if (result)
        choices.append({u"consoleKeep"_s, tr("&Keep as Image…"), tr("Give the resulting image a tag"),
                        [this, image = result->image] { Q_EMIT imageWanted(image); }});
    m_bar->ask(tone, text, choices);
}

void ConsolePlace::keepSnapshot(const engine::RunOutcome &result)
{
    m_request.keepSnapshot(result);
    m_bar->ask(Tone::Good, tr("The result goes into the history of %1.").arg(m_request.place), {});
}

void ConsolePlace::askToClose()
{
    if (!m_running)
        return;
    const QString what = m_request.command.isEmpty()
                             ? tr("The shell in %1 still runs.").arg(m_request.place)
                             : tr("The command in %1 still runs.").arg(m_request.place);
    m_bar->ask(
        Tone::Warning, what + u' ' + tr("Hanging up keeps what it changed; killing it drops that."),
        {{u"consoleHangUp"_s, tr("&Hang Up"),
          tr("End it as if the line were cut; what it changed stays as an image"), [this] { endInOrder(); }},
         {u"consoleKill"_s, tr("Kill and &Close"),
          tr("Kill it and close this tab; nothing of what it changed is kept"), [this] { kill(); }},
         {u"consoleGoOn"_s, tr("&Go On"), tr("Leave it running (Esc)"),
          [this] {
              m_bar->hide();
              m_view->setFocus();
          },
          true}});
    if (auto *first = m_bar->findChild<QWidget *>(u"consoleGoOn"_s))
        first->setFocus();
}

void ConsolePlace::endInOrder()
{
    m_bar->hide();
    update(tr("Ending"));
    if (m_terminal)
        m_terminal->hangUp();
    else
        m_stop.request_stop();
}

void ConsolePlace::kill()
{
    m_closing = true;
    m_bar->hide();
    m_stop.request_stop();
    if (m_terminal)
        m_terminal->cancel();
}

void ConsolePlace::closeEvent(QCloseEvent *event)
{
    if (m_running && !m_closing) {
        event->ignore();
        askToClose();
        return;
    }
    event->accept();
}

} // namespace cooperage::gui
