#pragma once

#include "core/engine/engine.h"
#include "core/sessions/freesessions.h"

#include <QPointer>

namespace cooperage::sessions {

/// A command for a session.
struct SessionCommand
{
    QString command;
    QStringList args{};
    bool shell = false;
    QMap<QString, QString> variables{}; ///< For this run only; they go before those of the session.
    bool disposable = false;
    int timeoutSeconds = 600;
};

struct SessionRun
{
    engine::RunOutcome outcome;
    std::optional<HistoryEntry> entry{}; ///< Absent where the run left no image to go on with.
};

/// Works in free sessions with an engine: what the engine made becomes history only once it is there. The
/// calls are coroutines of the thread that owns engine and store; deleting both together ends them. Two runs
/// of one session at once both start where the session stood, and neither is lost.
class SessionRunner
{
public:
    SessionRunner(engine::Engine *engine, SessionStore *store) : m_engine(engine), m_store(store) {}

    /// Starts the session, or goes on, with the image of that name or uuid.
    [[nodiscard]] engine::Task<HistoryEntry> use(QString session, QString image,
                                                 std::stop_token stop = {}) const;
    /// Runs in the session's folder with its variables and pending files.
    [[nodiscard]] engine::Task<SessionRun> run(QString session, SessionCommand command,
                                               engine::OutputHandler output, std::stop_token stop = {}) const;
    /// `folder` may be relative to the session's. NotFound where the image has no such folder.
    [[nodiscard]] engine::Task<HistoryEntry> changeFolder(QString session, QString folder,
                                                          std::stop_token stop = {}) const;
    /// Sends files of this machine, and of folders all files in them, to the engine for the next run. Several
    /// sources, a folder, or a `target` that ends in "/" make the target a folder.
    [[nodiscard]] engine::Task<HistoryEntry> addFiles(QString session, QStringList sources, QString target,
                                                      std::stop_token stop = {}) const;

private:
    QPointer<engine::Engine> m_engine;
    SessionStore *m_store;
};

/// What the engine is asked for to run the command where a session stands.
[[nodiscard]] engine::RunRequest requestFor(const WorkingState &state, const SessionCommand &command);

/// Text of a command line, as a shell would take it.
[[nodiscard]] QString commandText(const QString &command, const QStringList &args);

} // namespace cooperage::sessions
