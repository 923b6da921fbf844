#pragma once

#include "core/sessions/sessionstore.h"

namespace cooperage::sessions {

/// What a run came to, for the history.
struct RunRecord
{
    QString title; ///< The command.
    QString image; ///< What it left; of a disposable run the image that it ran in.
    QString operation{};
    int exitCode = 0;
    bool disposable = false;
};

/// Sessions that a person works in. Every step adds an entry to the active branch; folder, variables and
/// files count from the step that set them until a `use`, files until the next run. Sessions of builds are
/// refused.
class FreeSessions
{
public:
    explicit FreeSessions(SessionStore &store) : m_store(store) {}

    /// Starts the session from an image, or goes on with another one: folder, variables and files of before
    /// no longer count.
    [[nodiscard]] Result<HistoryEntry> use(const QString &session, const QString &image,
                                           const QString &title);
    /// What the next run starts from. NotFound where the session does not exist or has no entry.
    [[nodiscard]] Result<WorkingState> working(const QString &session);

    /// `folder` is absolute.
    [[nodiscard]] Result<HistoryEntry> changeFolder(const QString &session, const QString &folder);
    /// Sets variables, or takes them away where there is no value.
    [[nodiscard]] Result<HistoryEntry> changeVariables(const QString &session,
                                                       const QMap<QString, std::optional<QString>> &changes);
    [[nodiscard]] Result<HistoryEntry> addFiles(const QString &session, const QList<PendingFile> &files);
    /// The branch goes on to the run's image whatever its exit code was. A disposable run gets a branch of
    /// its own, "disposable-...", and the active one stays. `before` is what the run started from.
    [[nodiscard]] Result<HistoryEntry> recordRun(const QString &session, const WorkingState &before,
                                                 const RunRecord &run);

private:
    [[nodiscard]] Result<> readSurroundings(WorkingState &state);

    SessionStore &m_store;
};

} // namespace cooperage::sessions
