#include "core/sessions/database.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

qint64 SessionView::head() const
{
    for (const Branch &branch : branches) {
        if (branch.name == activeBranch)
            return branch.tip;
    }
    return 0;
}

Result<> SessionStore::addEntry(const QString &branch, HistoryEntry &entry)
{
    if (entry.parent == 0) {
        const auto tip = m_database->row(
            u"SELECT history_id FROM session_branches WHERE engine=? AND session_key=? AND branch_name=?"_s,
            {m_engine, entry.session, branch});
        entry.parent = tip ? tip->value(0).toLongLong() : 0;
    } else if (!m_database->row(u"SELECT 1 FROM session_history WHERE engine=? AND session_key=? AND id=?"_s,
                                {m_engine, entry.session, entry.parent})) {
        return failure(ErrorKind::NotFound,
                       QCoreApplication::translate("SessionStore", "The session has no history entry %1")
                           .arg(entry.parent),
                       entry.session);
    }
    auto inserted = m_database->run(
        u"INSERT INTO session_history (engine, session_key, image_uuid, parent_id, kind, title, "
        "operation_uuid, created_at, exit_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {m_engine, entry.session, entry.image, entry.parent ? QVariant(entry.parent) : QVariant(),
         notNull(entry.kind), notNull(entry.title), entry.operation, toText(entry.createdAt),
         entry.exitCode ? QVariant(*entry.exitCode) : QVariant()});
    if (!inserted)
        return std::unexpected(inserted.error());
    entry.id = inserted->lastInsertId().toLongLong();
    return m_database
        ->write(u"INSERT OR REPLACE INTO session_branches VALUES (?, ?, ?, ?)"_s,
                {m_engine, entry.session, branch, entry.id})
        .and_then([&] {
            return m_database->write(
                u"INSERT INTO session_state (engine, session_key, updated_at) VALUES (?, ?, ?) "
                "ON CONFLICT (engine, session_key) DO UPDATE SET updated_at=excluded.updated_at"_s,
                {m_engine, entry.session, nowText()});
        });
}

Result<HistoryEntry> SessionStore::record(const QString &session, const QString &branch,
                                          const HistoryEntry &entry,
                                          const std::function<Result<>(const HistoryEntry &)> &alongside)
{
    HistoryEntry added = entry;
    added.session = session;
    if (!added.createdAt.isValid())
        added.createdAt = QDateTime::currentDateTimeUtc();
    const auto work = [&] {
        return addEntry(branch, added).and_then([&] { return alongside ? alongside(added) : Result<>(); });
    };
    return m_database->inTransaction(work).transform([&] { return added; });
}

Result<QList<HistoryEntry>> SessionStore::history(const QString &session)
{
    auto rows = m_database->run(
        u"SELECT id, image_uuid, parent_id, kind, title, operation_uuid, created_at, exit_code "
        "FROM session_history WHERE engine=? AND session_key=? ORDER BY id"_s,
        {m_engine, session});
    if (!rows)
        return std::unexpected(rows.error());
    QList<HistoryEntry> entries;
    while (rows->next())
        entries.append(
            {.id = rows->value(0).toLongLong(),
             .session = session,
             .image = rows->value(1).toString(),
             .parent = rows->value(2).toLongLong(),
             .kind = rows->value(3).toString(),
             .title = rows->value(4).toString(),
             .operation = rows->value(5).toString(),
             .createdAt = toTime(rows->value(6).toString()),
             .exitCode = rows->value(7).isNull() ? std::nullopt : std::optional(rows->value(7).toInt())});
    return entries;
}

} // namespace cooperage::sessions
