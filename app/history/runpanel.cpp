#include "app/history/runpanel.h"

#include "app/accessibility.h"
#include "app/buildpane/logview.h"
#include "app/buildpane/steplogs.h"
#include "app/icons.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QToolButton *makeButton(const QString &name, const QString &iconName, const QString &text, const QString &tip,
                        QWidget *parent)
{
    auto *button = new QToolButton(parent);
    nameWidget(button, name, text);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(tip);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

RunPanel::RunPanel(QWidget *parent)
    : QWidget(parent),
      m_logs(new StepLogs(this)),
      m_place(new QLabel(this)),
      m_command(new QLineEdit(this)),
      m_disposable(new QCheckBox(tr("&Keep nothing"), this)),
      m_run(makeButton(u"historyRunButton"_s, u"run"_s, tr("Run"), tr("Run the command (Enter)"), this)),
      m_stop(makeButton(u"historyStopButton"_s, u"stop"_s, tr("Stop"),
                        tr("Stop the command; the session stays as it was (Esc)"), this))
{
    nameWidget(m_command, u"historyCommand"_s, tr("Command to run"));
    m_command->setPlaceholderText(tr("Command, as a shell takes it"));
    m_disposable->setObjectName(u"historyDisposable"_s);
    m_disposable->setToolTip(tr("Drop what the command changes: the session does not move on"));
    m_place->setObjectName(u"historyPlace"_s);
    m_place->setTextFormat(Qt::PlainText);
    m_place->setWordWrap(true);
    auto *log = new LogView(m_logs, this);
    nameWidget(log, u"historyOutput"_s, tr("Output of the command"));
    log->setPlaceholderText(tr("What the command prints appears here."));
    log->showStep(0);

    auto *row = new QHBoxLayout;
    row->addWidget(m_command, 1);
    row->addWidget(m_disposable);
    row->addWidget(m_run);
    row->addWidget(m_stop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addWidget(m_place);
    layout->addLayout(row);
    layout->addWidget(log, 1);

    connect(m_logs, &StepLogs::cleared, log, [log] { log->showStep(0); });
    connect(m_command, &QLineEdit::returnPressed, this, &RunPanel::submit);
    connect(m_command, &QLineEdit::textChanged, this, &RunPanel::updateButtons);
    connect(m_run, &QToolButton::clicked, this, &RunPanel::submit);
    connect(m_stop, &QToolButton::clicked, this, &RunPanel::stopRequested);
    auto *escape = new QShortcut(Qt::Key_Escape, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        if (m_running)
            Q_EMIT stopRequested();
    });
    updateButtons();
}

void RunPanel::setPlace(const QString &place, const QString &whyNot)
{
    m_allowed = whyNot.isEmpty();
    m_place->setText(m_allowed ? place : whyNot);
    updateButtons();
}

void RunPanel::setRunning(bool running)
{
    m_running = running;
    updateButtons();
}

void RunPanel::focusCommand()
{
    m_command->setFocus(Qt::ShortcutFocusReason);
    m_command->selectAll();
}

void RunPanel::updateButtons()
{
    m_command->setEnabled(m_allowed || m_running);
    m_disposable->setEnabled(m_allowed && !m_running);
    m_run->setEnabled(m_allowed && !m_running && !m_command->text().trimmed().isEmpty());
    m_run->setVisible(!m_running);
    m_stop->setVisible(m_running);
}

void RunPanel::submit()
{
    if (m_run->isEnabled())
        Q_EMIT runRequested(m_command->text().trimmed(), m_disposable->isChecked());
}

void RunPanel::begin(const QString &command)
{
    m_logs->clear();
    add(engine::Stream::Stdout, "$ " + command.toUtf8() + '\n');
}

void RunPanel::add(engine::Stream stream, const QByteArray &bytes)
{
    m_logs->apply(build::StepOutput{.step = 0, .stream = stream, .bytes = bytes});
}

void RunPanel::end(const engine::RunOutcome &outcome)
{
    const QString text = outcome.timedOut     ? tr("Ended: its time was up.")
                         : outcome.signal > 0 ? tr("Ended by signal %1.").arg(outcome.signal)
                                              : tr("Exit code %1.").arg(outcome.exitCode);
    add(engine::Stream::Stdout, '\n' + text.toUtf8() + '\n');
    announce(this, text);
}

} // namespace cooperage::gui
