#include "core/engine/lineterminal.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

// There is no terminal that would move the cursor back at the end of a line.
static QByteArray forScreen(QByteArray bytes)
{
    return bytes.replace("\r\n", "\n").replace('\n', "\r\n");
}

LineTerminal::LineTerminal(Engine *engine, ConsoleKind kind, RunRequest request)
    : m_engine(engine),
      m_kind(kind),
      m_request(std::move(request)),
      m_last{.operation = {}, .image = m_request.image}
{
    // The owner connects first.
    QMetaObject::invokeMethod(this, &LineTerminal::begin, Qt::QueuedConnection);
}

LineTerminal::~LineTerminal()
{
    m_stop.request_stop();
}

void LineTerminal::begin()
{
    if (m_outcome)
        return;
    m_begun = true;
    if (m_kind == ConsoleKind::Command) {
        run(m_request);
        return;
    }
    say(tr("This engine has no terminals. Each command runs on its own, without input; the next one goes on "
           "with what it left. cd changes the folder, exit ends."));
    prompt();
}

void LineTerminal::say(const QString &text)
{
    Q_EMIT output("\x1b[2m" + forScreen(text.toUtf8()) + "\x1b[0m\r\n");
}

void LineTerminal::prompt()
{
    const QString folder = m_request.cwd.isEmpty() ? u"~"_s : m_request.cwd;
    Q_EMIT output(m_editor.begin(folder.toUtf8() + " $ "));
    takeKeys();
}

void LineTerminal::write(const QByteArray &keys)
{
    constexpr char controlC = 3;
    if (m_running && keys.contains(controlC)) {
        m_ahead.clear();
        Q_EMIT output("^C\r\n");
        m_stop.request_stop();
        return;
    }
    m_ahead += keys;
    takeKeys();
}

void LineTerminal::takeKeys()
{
    while (m_begun && !m_running && !m_outcome && !m_ahead.isEmpty()) {
        const LineEditor::Answer answer = m_editor.take(m_ahead.front());
        m_ahead.removeFirst();
        if (!answer.screen.isEmpty())
            Q_EMIT output(answer.screen);
        if (answer.ends)
            end(m_last);
        else if (answer.line)
            submit(QString::fromUtf8(*answer.line).trimmed());
    }
}

void LineTerminal::submit(const QString &line)
{
    static const QRegularExpression exit(u"^exit(?:\\s+(\\d+))?$"_s);
    static const QRegularExpression folder(u"^cd(?:\\s+[^;&|<>]+)?$"_s);
    if (const auto match = exit.match(line); match.hasMatch()) {
        if (!match.captured(1).isEmpty())
            m_last.exitCode = match.captured(1).toInt() & 0xff;
        end(m_last);
    } else if (line.isEmpty()) {
        Q_EMIT output(m_editor.begin({}));
    } else if (folder.match(line).hasMatch()) {
        changeFolder(line);
    } else {
        RunRequest request = m_request;
        request.command = line;
        request.args.clear();
        request.shell = true;
        request.disposable = false; // The next command goes on with it.
        run(request);
    }
}

void LineTerminal::changeFolder(const QString &line)
{
    RunRequest request = m_request;
    request.command = line + u" && pwd"_s;
    request.args.clear();
    request.shell = true;
    request.disposable = true;
    m_changing = true;
    m_folder.clear();
    run(request);
}

void LineTerminal::run(RunRequest request)
{
    m_running = true;
    m_stop = {};
    const auto show = [self = QPointer(this)](Stream stream, const QByteArray &bytes) {
        if (!self)
            return;
        if (self->m_changing && stream == Stream::Stdout)
            self->m_folder += bytes;
        else
            Q_EMIT self->output(forScreen(bytes));
    };
    QCoro::connect(m_engine->run(std::move(request), show, m_stop.get_token()), this,
                   [this](const Result<RunOutcome> &outcome) { took(outcome); });
}

void LineTerminal::took(const Result<RunOutcome> &outcome)
{
    m_running = false;
    const bool changed = std::exchange(m_changing, false);
    if (m_kind == ConsoleKind::Command || m_hangUp) {
        end(m_hangUp ? Result<RunOutcome>(m_last) : outcome);
        return;
    }
    if (!outcome && outcome.error().kind != ErrorKind::Cancelled)
        say(outcome.error().text());
    if (outcome) {
        m_last.exitCode = outcome->signal > 0 ? 128 + outcome->signal : outcome->exitCode;
        m_last.operation = outcome->operation;
        if (outcome->timedOut)
            say(tr("Its time was up; nothing of it was kept."));
        if (!outcome->image.isEmpty())
            m_last.image = m_request.image = outcome->image;
        if (changed && outcome->exitCode == 0)
            m_request.cwd = QString::fromUtf8(m_folder.trimmed());
    }
    // Files of the request are in the image now.
    if (outcome && !changed)
        m_request.files.clear();
    prompt();
}

void LineTerminal::hangUp()
{
    if (m_outcome)
        return;
    m_hangUp = true;
    if (m_running)
        m_stop.request_stop();
    else
        end(m_last);
}

void LineTerminal::cancel()
{
    if (m_outcome)
        return;
    m_stop.request_stop();
    end(failure(ErrorKind::Cancelled, tr("The console was ended; nothing was kept")));
}

void LineTerminal::end(Result<RunOutcome> outcome)
{
    if (m_outcome)
        return;
    if (outcome && m_request.disposable)
        outcome->image.clear();
    m_outcome = std::move(outcome);
    Q_EMIT ended();
}

} // namespace cooperage::engine
