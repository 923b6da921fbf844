#include "core/sessions/sessionlist.h"

#include "core/sessions/branches.h"
#include "core/sessions/database.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>
#include <QUuid>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

// A deleted session is kept as "deleted:<uuid>:<name>".
static const QString deletedPrefix = u"deleted:"_s;
static constexpr qsizetype deletedPrefixLength = 8 + 36 + 1;

static const QStringList &tables()
{
    static const QStringList names{u"session_history"_s, u"session_branches"_s, u"session_state"_s,
                                   u"layer_cache"_s, u"url_cache"_s};
    return names;
}

Result<QList<SessionSummary>> SessionList::select(const QString &condition, const QVariantList &values)
{
    auto rows = m_store.database().run(
        u"SELECT s.session_key, s.active_branch, h.image_uuid, s.updated_at, s.deleted_at, "
        "(SELECT count(*) FROM session_history c WHERE c.engine=s.engine AND c.session_key=s.session_key), "
        "(SELECT count(*) FROM session_branches c WHERE c.engine=s.engine AND c.session_key=s.session_key), "
        "(SELECT max(id) FROM session_history c WHERE c.engine=s.engine AND c.session_key=s.session_key) AS "
        "newest "
        "FROM session_state s LEFT JOIN session_branches b ON b.engine=s.engine AND "
        "b.session_key=s.session_key AND b.branch_name=s.active_branch "
        "LEFT JOIN session_history h ON h.id=b.history_id WHERE s.engine=? AND "_s +
            condition,
        QVariantList{m_store.engineScope()} + values);
    if (!rows)
        return std::unexpected(rows.error());
    QList<SessionSummary> result;
    while (rows->next()) {
        SessionSummary summary{.name = rows->value(0).toString(),
                               .activeBranch = rows->value(1).toString(),
                               .image = rows->value(2).toString(),
                               .entries = rows->value(5).toInt(),
                               .branches = rows->value(6).toInt(),
                               .updatedAt = toTime(rows->value(3).toString())};
        if (!rows->value(4).isNull()) {
            summary.key = summary.name;
            summary.name = summary.name.sliced(deletedPrefixLength);
            summary.deletedAt = toTime(rows->value(4).toString());
        }
        result.append(summary);
    }
    return result;
}

Result<QList<SessionSummary>> SessionList::list(const QString &prefix)
{
    return select(
        u"s.deleted_at IS NULL AND substr(s.session_key, 1, ?)=? ORDER BY s.updated_at DESC, newest DESC"_s,
        {prefix.size(), notNull(prefix)});
}

Result<QList<SessionSummary>> SessionList::deleted()
{
    return select(u"s.deleted_at IS NOT NULL ORDER BY s.deleted_at DESC, newest DESC"_s, {});
}

bool SessionList::exists(const QString &name)
{
    return m_store.database()
        .row(u"SELECT 1 FROM session_state WHERE engine=? AND session_key=?"_s, {m_store.engineScope(), name})
        .has_value();
}

Result<> SessionList::move(const QString &from, const QString &to)
{
    if (!exists(from))
        return std::unexpected(noSuchSession(from));
    if (exists(to))
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("SessionStore", "There is a session of that name already"),
                       to, QCoreApplication::translate("SessionStore", "Rename or delete that one first."));
    for (const QString &table : tables()) {
        const auto moved = m_store.database().write(
            u"UPDATE %1 SET session_key=? WHERE engine=? AND session_key=?"_s.arg(table),
            {to, m_store.engineScope(), from});
        if (!moved)
            return moved;
    }
    return {};
}

Result<> SessionList::rename(const QString &from, const QString &to)
{
    if (isBuildSession(from))
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("SessionStore", "A build's session keeps its name"), from,
                       QCoreApplication::translate("SessionStore",
                                                   "Start a session of your own from one of its images."));
    return checkSessionName(to).and_then(
        [&] { return m_store.database().inTransaction([&] { return move(from, to); }); });
}

Result<QString> SessionList::remove(const QString &name)
{
    const QString key = deletedPrefix + QUuid::createUuid().toString(QUuid::WithoutBraces) + u':' + name;
    return m_store.database()
        .inTransaction([&] {
            return move(name, key).and_then([&] {
                return m_store.database().write(
                    u"UPDATE session_state SET deleted_at=? WHERE engine=? AND session_key=?"_s,
                    {nowText(), m_store.engineScope(), key});
            });
        })
        .transform([&] { return key; });
}

Result<QString> SessionList::restore(const QString &key)
{
    if (!key.startsWith(deletedPrefix) || key.size() <= deletedPrefixLength)
        return std::unexpected(noSuchSession(key));
    const QString name = key.sliced(deletedPrefixLength);
    return m_store.database()
        .inTransaction([&] {
            return move(key, name).and_then([&] {
                return m_store.database().write(
                    u"UPDATE session_state SET deleted_at=NULL WHERE engine=? AND session_key=?"_s,
                    {m_store.engineScope(), name});
            });
        })
        .transform([&] { return name; });
}

Result<> SessionList::purge(const QDateTime &time)
{
    return m_store.database().inTransaction([&]() -> Result<> {
        // Branches point to entries, so they go before them, and the state, which says what was deleted,
        // last.
        for (const QString &table : {u"session_branches"_s, u"session_history"_s, u"layer_cache"_s,
                                     u"url_cache"_s, u"session_state"_s}) {
            const auto gone = m_store.database().write(
                u"DELETE FROM %1 WHERE engine=? AND session_key IN (SELECT session_key FROM session_state "
                "WHERE engine=? AND deleted_at IS NOT NULL AND deleted_at < ?)"_s.arg(table),
                {m_store.engineScope(), m_store.engineScope(), toText(time)});
            if (!gone)
                return gone;
        }
        return {};
    });
}

} // namespace cooperage::sessions
