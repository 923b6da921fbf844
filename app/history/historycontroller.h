#pragma once

#include "core/engine/values.h"
#include "core/sessions/sessionrunner.h"

#include <QObject>
#include <QTimer>

namespace cooperage::gui {

class EngineSession;

/// The sessions as last read, the one that is looked at, and what a user can do in it. Everything happens at
/// an entry: where that is not the tip of the active branch, work goes on in a new branch there, so that
/// nothing is overwritten. The database is read and changed on another thread.
class HistoryController : public QObject
{
    Q_OBJECT

public:
    explicit HistoryController(EngineSession *session, QObject *parent = nullptr);
    ~HistoryController() override;

    [[nodiscard]] EngineSession *session() const { return m_session; }
    [[nodiscard]] const QList<sessions::SessionSummary> &sessions() const { return m_sessions; }
    [[nodiscard]] const sessions::SessionView &view() const { return m_view; }
    [[nodiscard]] const QString &current() const { return m_current; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] bool isBusy() const { return m_busy; } ///< A command, an upload... is under way.

    void select(const QString &name);
    void refresh();
    /// While somebody looks, other programs' changes are found every few seconds.
    void setWatched(bool watched);

    void start(const QString &name, const QString &image);
    void checkout(const QString &branch);
    void branch(const QString &name, qint64 entry);
    void rollback(qint64 entry);
    void run(qint64 entry, const sessions::SessionCommand &command);
    /// Goes to the entry for a console there; emits `consoleReady`.
    void openConsole(qint64 entry);
    /// Makes what a console has left the entry after the one where it was opened.
    void keep(const QString &session, const sessions::WorkingState &before, const sessions::RunRecord &run);
    void changeFolder(qint64 entry, const QString &folder);
    void changeVariables(qint64 entry, const QMap<QString, std::optional<QString>> &changes);
    void addFiles(qint64 entry, const QStringList &sources, const QString &target);
    /// Ends the command that runs; it then has changed nothing.
    void cancel();
    void rename(const QString &name);
    void remove();
    void restore(const QString &key);
    /// The variables that a run at the entry would have, for the editor; emits `variablesRead`.
    void readVariables();

Q_SIGNALS:
    void sessionsChanged();
    void viewChanged();
    void busyChanged();
    void begun(); ///< Something else is tried: what failed before is of the past.
    void failed(const cooperage::Error &error);
    void variablesRead(const QMap<QString, QString> &variables);
    void removed(const QString &name, const QString &key);
    void consoleReady(const QString &session, const cooperage::sessions::WorkingState &state);
    void runStarted(const QString &command);
    void output(cooperage::engine::Stream stream, const QByteArray &bytes);
    void runEnded(const cooperage::engine::RunOutcome &outcome);

private:
    using Work = std::function<Result<>(sessions::SessionStore &)>;
    struct Loaded
    {
        QList<sessions::SessionSummary> sessions;
        Result<sessions::SessionView> view;
    };

    [[nodiscard]] static Result<Loaded> load(sessions::SessionStore &store, QString current);
    /// Does `work` with the store on another thread, then refreshes and, if it went well, calls `then`.
    void change(Work work, std::function<void()> then = {});
    /// Goes to the entry, on a new branch where need be, then calls `then`.
    void goTo(qint64 entry, std::function<void()> then);
    void take(const Result<Loaded> &loaded);
    void setBusy(bool busy);
    template <typename T>
    void follow(engine::Task<T> task, std::function<void(const T &)> then = {});

    EngineSession *m_session;
    QTimer m_poll;
    QList<sessions::SessionSummary> m_sessions;
    sessions::SessionView m_view;
    QString m_current;
    std::stop_source m_stop;
    bool m_loaded = false;
    bool m_loading = false;
    bool m_again = false; ///< Asked for while an answer was under way.
    bool m_busy = false;
};

} // namespace cooperage::gui
