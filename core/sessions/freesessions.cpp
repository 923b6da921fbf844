#include "core/sessions/freesessions.h"

#include "core/sessions/branches.h"
#include "core/sessions/database.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

// The entries that count, newest first: from the tip back to the last `use`. An entry is younger than its
// parent, which ends the walk even in a file that somebody has changed by hand.
static const QString chain = u"WITH RECURSIVE chain(id, parent_id, kind, title, depth) AS ("
                             "SELECT id, parent_id, kind, title, 0 FROM session_history WHERE id=? "
                             "UNION ALL SELECT h.id, h.parent_id, h.kind, h.title, c.depth + 1 "
                             "FROM session_history h JOIN chain c ON h.id=c.parent_id "
                             "WHERE c.kind<>'use' AND h.id<c.id) "_s;

static Result<> refuseBuilds(const QString &session)
{
    if (!isBuildSession(session))
        return {};
    return failure(
        ErrorKind::BadInput,
        QCoreApplication::translate("SessionStore", "The session of a build belongs to the build"), session,
        QCoreApplication::translate("SessionStore", "Start a session of your own from one of its images."));
}

Result<HistoryEntry> FreeSessions::use(const QString &session, const QString &image, const QString &title)
{
    if (const auto allowed = refuseBuilds(session).and_then([&] { return checkSessionName(session); });
        !allowed)
        return std::unexpected(allowed.error());
    const auto active = Branches(m_store).active(session);
    HistoryEntry entry{.image = image, .kind = kind::use, .title = title};
    return m_store.record(session, active ? active->name : u"main"_s, entry);
}

Result<WorkingState> FreeSessions::working(const QString &session)
{
    if (const auto allowed = refuseBuilds(session); !allowed)
        return std::unexpected(allowed.error());
    const auto active = Branches(m_store).active(session);
    if (!active)
        return std::unexpected(active.error());
    const auto row = m_store.database().row(
        u"SELECT image_uuid, kind, title FROM session_history WHERE id=?"_s, {active->tip});
    if (!row)
        return failure(
            ErrorKind::NotFound,
            QCoreApplication::translate("SessionStore", "The session's active branch has no entry yet"),
            session, QCoreApplication::translate("SessionStore", "Start it from an image."));
    WorkingState state{.branch = active->name,
                       .head = {.id = active->tip,
                                .session = session,
                                .image = row->value(0).toString(),
                                .kind = row->value(1).toString(),
                                .title = row->value(2).toString()}};
    return readSurroundings(state).transform([&] { return state; });
}

Result<> FreeSessions::readSurroundings(WorkingState &state)
{
    Database &database = m_store.database();
    if (const auto folder = database.row(
            chain + u"SELECT title FROM chain WHERE kind='cd' ORDER BY depth LIMIT 1"_s, {state.head.id}))
        state.cwd = folder->value(0).toString();
    auto variables = database.run(chain + u"SELECT e.name, e.value FROM chain c JOIN session_env e "
                                          "ON e.history_id=c.id ORDER BY c.depth DESC"_s,
                                  {state.head.id});
    if (!variables)
        return std::unexpected(variables.error());
    while (variables->next()) {
        if (variables->value(1).isNull())
            state.variables.remove(variables->value(0).toString());
        else
            state.variables.insert(variables->value(0).toString(), variables->value(1).toString());
    }
    auto files = database.run(
        chain + u"SELECT f.path, f.file_uuid, f.mode, f.size FROM chain c JOIN session_files f ON "
                u"f.history_id=c.id "
                "WHERE c.depth < coalesce((SELECT min(depth) FROM chain WHERE kind='run'), 9e15) "
                "ORDER BY c.depth DESC"_s,
        {state.head.id});
    if (!files)
        return std::unexpected(files.error());
    QMap<QString, PendingFile> newest;
    while (files->next()) {
        const QString path = files->value(0).toString();
        newest.insert(
            path, {path, files->value(1).toString(), files->value(2).toUInt(), files->value(3).toLongLong()});
    }
    state.files = newest.values();
    return {};
}

Result<HistoryEntry> FreeSessions::changeFolder(const QString &session, const QString &folder)
{
    return working(session).and_then([&](const WorkingState &state) {
        return m_store.record(session, state.branch,
                              {.image = state.head.image, .kind = kind::folder, .title = folder});
    });
}

Result<HistoryEntry> FreeSessions::changeVariables(const QString &session,
                                                   const QMap<QString, std::optional<QString>> &changes)
{
    QStringList words; // The values stay out of what is shown and printed.
    for (const auto &[name, value] : changes.asKeyValueRange())
        words.append(value ? name : u'-' + name);
    const auto write = [&](const HistoryEntry &entry) -> Result<> {
        for (const auto &[name, value] : changes.asKeyValueRange()) {
            const auto written =
                m_store.database().write(u"INSERT INTO session_env VALUES (?, ?, ?)"_s,
                                         {entry.id, name, value ? QVariant(notNull(*value)) : QVariant()});
            if (!written)
                return written;
        }
        return {};
    };
    return working(session).and_then([&](const WorkingState &state) {
        return m_store.record(session, state.branch,
                              {.image = state.head.image, .kind = kind::variables, .title = words.join(u' ')},
                              write);
    });
}

Result<HistoryEntry> FreeSessions::addFiles(const QString &session, const QList<PendingFile> &files)
{
    QStringList paths;
    for (const PendingFile &file : files)
        paths.append(file.path);
    const QString title = paths.size() == 1 ? paths.first()
                                            : QCoreApplication::translate("SessionStore", "%1 and %n more",
                                                                          nullptr, int(paths.size()) - 1)
                                                  .arg(paths.value(0));
    const auto write = [&](const HistoryEntry &entry) -> Result<> {
        for (const PendingFile &file : files) {
            const auto written =
                m_store.database().write(u"INSERT OR REPLACE INTO session_files VALUES (?, ?, ?, ?, ?)"_s,
                                         {entry.id, file.path, file.fileUuid, file.mode, file.size});
            if (!written)
                return written;
        }
        return {};
    };
    return working(session).and_then([&](const WorkingState &state) {
        return m_store.record(session, state.branch,
                              {.image = state.head.image, .kind = kind::files, .title = title}, write);
    });
}

Result<HistoryEntry> FreeSessions::recordRun(const QString &session, const WorkingState &before,
                                             const RunRecord &run)
{
    HistoryEntry entry{.image = run.image,
                       .parent = before.head.id,
                       .kind = run.disposable ? kind::disposableRun : kind::run,
                       .title = run.title,
                       .operation = run.operation,
                       .exitCode = run.exitCode};
    return m_store.record(session, run.disposable ? u"disposable-"_s + run.operation : before.branch, entry);
}

} // namespace cooperage::sessions
