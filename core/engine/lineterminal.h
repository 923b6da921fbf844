#pragma once

#include "core/engine/console.h"
#include "core/engine/lineeditor.h"

#include <QPointer>

#include <stop_token>

namespace cooperage::engine {

/// Command by command, for engines without terminals: a line is typed, run on its own, and what it leaves is
/// where the next one starts. `cd` changes the folder, `exit` ends.
class LineTerminal : public Terminal
{
    Q_OBJECT

public:
    LineTerminal(Engine *engine, ConsoleKind kind, RunRequest request);
    ~LineTerminal() override;

    [[nodiscard]] QString operation() const override { return m_last.operation; }
    [[nodiscard]] std::optional<Result<RunOutcome>> outcome() const override { return m_outcome; }
    void write(const QByteArray &keys) override;
    void resize(TerminalSize) override {} ///< Nothing that runs could be told.
    void hangUp() override;
    void cancel() override;

private:
    void begin();
    void prompt();
    void takeKeys();
    void submit(const QString &line);
    void run(RunRequest request);
    void changeFolder(const QString &line);
    void took(const Result<RunOutcome> &outcome);
    void say(const QString &text);
    void end(Result<RunOutcome> outcome);

    QPointer<Engine> m_engine;
    const ConsoleKind m_kind;
    RunRequest m_request;
    RunOutcome m_last;
    LineEditor m_editor{};
    QByteArray m_ahead{};  ///< Typed while a command runs.
    QByteArray m_folder{}; ///< What `cd` has printed: the folder, if all goes well.
    std::optional<Result<RunOutcome>> m_outcome{};
    std::stop_source m_stop;
    bool m_begun = false;
    bool m_running = false;
    bool m_changing = false; ///< What runs is a `cd`.
    bool m_hangUp = false;
};

} // namespace cooperage::engine
