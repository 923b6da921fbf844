#include "core/sessions/branches.h"

#include "core/sessions/database.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

Error noSuchSession(const QString &name)
{
    return {ErrorKind::NotFound, QCoreApplication::translate("SessionStore", "There is no such session"),
            name,
            QCoreApplication::translate("SessionStore",
                                        "List the sessions to see their names, or start one from an image.")};
}

Result<qint64> Branches::tip(const QString &session, const QString &branch)
{
    const auto row = m_store.database().row(
        u"SELECT history_id FROM session_branches WHERE engine=? AND session_key=? AND branch_name=?"_s,
        {m_store.engineScope(), session, branch});
    if (!row)
        return failure(
            ErrorKind::NotFound,
            QCoreApplication::translate("SessionStore", "The session has no branch \"%1\"").arg(branch),
            session);
    return row->value(0).toLongLong();
}

Result<Branch> Branches::active(const QString &session)
{
    const auto state =
        m_store.database().row(u"SELECT active_branch FROM session_state WHERE engine=? AND session_key=?"_s,
                               {m_store.engineScope(), session});
    if (!state)
        return std::unexpected(noSuchSession(session));
    const QString name = state->value(0).toString();
    return Branch{name, tip(session, name).value_or(0)};
}

Result<SessionView> Branches::view(const QString &session)
{
    const auto branch = active(session);
    if (!branch)
        return std::unexpected(branch.error());
    SessionView view{.name = session, .activeBranch = branch->name, .branches = {}, .entries = {}};
    auto rows = m_store.database().run(u"SELECT branch_name, history_id FROM session_branches "
                                       "WHERE engine=? AND session_key=? ORDER BY branch_name"_s,
                                       {m_store.engineScope(), session});
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next())
        view.branches.append({rows->value(0).toString(), rows->value(1).toLongLong()});
    auto entries = m_store.history(session);
    if (!entries)
        return std::unexpected(entries.error());
    view.entries = *std::move(entries);
    return view;
}

Result<> Branches::create(const QString &session, const QString &name, qint64 entry)
{
    return checkBranchName(name).and_then([&] {
        return m_store.database().inTransaction([&]() -> Result<> {
            if (const auto known = active(session); !known)
                return std::unexpected(known.error());
            if (tip(session, name))
                return failure(
                    ErrorKind::BadInput,
                    QCoreApplication::translate("SessionStore", "The session has a branch \"%1\" already")
                        .arg(name),
                    session, QCoreApplication::translate("SessionStore", "Choose another name."));
            if (!m_store.database().row(
                    u"SELECT 1 FROM session_history WHERE engine=? AND session_key=? AND id=?"_s,
                    {m_store.engineScope(), session, entry}))
                return failure(
                    ErrorKind::NotFound,
                    QCoreApplication::translate("SessionStore", "The session has no history entry %1")
                        .arg(entry),
                    session);
            return m_store.database().write(u"INSERT INTO session_branches VALUES (?, ?, ?, ?)"_s,
                                            {m_store.engineScope(), session, name, entry});
        });
    });
}

Result<> Branches::checkout(const QString &session, const QString &name)
{
    return m_store.database().inTransaction([&]() -> Result<> {
        if (const auto known = active(session); !known)
            return std::unexpected(known.error());
        if (const auto found = tip(session, name); !found)
            return std::unexpected(found.error());
        return touch(session, name);
    });
}

Result<qint64> Branches::rollback(const QString &session, const Position &position)
{
    const auto current = view(session);
    if (!current)
        return std::unexpected(current.error());
    if (isLayerBranch(current->activeBranch))
        return failure(
            ErrorKind::BadInput,
            QCoreApplication::translate("SessionStore", "The branch of a layer always stays at that layer"),
            current->activeBranch,
            QCoreApplication::translate("SessionStore", "Make a branch of your own there first."));
    const auto entry = position.find(current->entries, current->head());
    if (!entry)
        return entry;
    return m_store.database()
        .inTransaction([&] {
            return m_store.database()
                .write(u"INSERT OR REPLACE INTO session_branches VALUES (?, ?, ?, ?)"_s,
                       {m_store.engineScope(), session, current->activeBranch, *entry})
                .and_then([&] { return touch(session, current->activeBranch); });
        })
        .transform([&] { return *entry; });
}

Result<> Branches::touch(const QString &session, const QString &activeBranch)
{
    return m_store.database().write(
        u"UPDATE session_state SET active_branch=?, updated_at=? WHERE engine=? AND session_key=?"_s,
        {activeBranch, nowText(), m_store.engineScope(), session});
}

} // namespace cooperage::sessions
