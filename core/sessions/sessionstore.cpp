#include "core/sessions/sessionstore.h"

#include "core/sessions/database.h"

#include <QCoreApplication>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

struct SessionStore::Private
{
    std::unique_ptr<Database> database;
    QString engine;

    [[nodiscard]] Result<> write(const QString &statement, const QVariantList &values) const;
    /// The first row, if there is one and it could be read.
    [[nodiscard]] std::optional<QSqlQuery> row(const QString &statement, const QVariantList &values) const;
    [[nodiscard]] Result<> addEntry(const QString &branch, HistoryEntry &entry) const;
};

static QString toText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

static QString nowText()
{
    return toText(QDateTime::currentDateTimeUtc());
}

// Qt binds a null string as NULL.
static QString notNull(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

Result<> SessionStore::Private::write(const QString &statement, const QVariantList &values) const
{
    return database->run(statement, values).transform([](const QSqlQuery &) {});
}

std::optional<QSqlQuery> SessionStore::Private::row(const QString &statement,
                                                    const QVariantList &values) const
{
    Result<QSqlQuery> query = database->run(statement, values);
    if (!query || !query->next())
        return std::nullopt;
    return *std::move(query);
}

SessionStore::SessionStore() : d(std::make_unique<Private>()) {}
SessionStore::~SessionStore() = default;

Result<std::unique_ptr<SessionStore>> SessionStore::open(const QString &file, const QString &engineScope)
{
    return Database::open(file).transform([&](std::unique_ptr<Database> database) {
        std::unique_ptr<SessionStore> store(new SessionStore);
        store->d->database = std::move(database);
        store->d->engine = notNull(engineScope);
        return store;
    });
}

std::optional<CachedLayer> SessionStore::layer(const QString &session, const QByteArray &key)
{
    const auto row = d->row(u"SELECT image_uuid, title, duration_ms FROM layer_cache "
                            "WHERE engine=? AND session_key=? AND layer_key=?"_s,
                            {d->engine, session, QString::fromLatin1(key)});
    if (!row)
        return std::nullopt;
    return CachedLayer{key, row->value(0).toString(), row->value(1).toString(), row->value(2).toLongLong()};
}

Result<> SessionStore::rememberLayer(const QString &session, const CachedLayer &layer)
{
    return d->write(u"INSERT OR REPLACE INTO layer_cache VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
                    {d->engine, session, QString::fromLatin1(layer.key), layer.image, notNull(layer.title),
                     layer.durationMs, nowText()});
}

Result<> SessionStore::forgetLayer(const QString &session, const QByteArray &key)
{
    return d->write(u"DELETE FROM layer_cache WHERE engine=? AND session_key=? AND layer_key=?"_s,
                    {d->engine, session, QString::fromLatin1(key)});
}

std::optional<CachedUrl> SessionStore::url(const QString &session, const QString &url)
{
    const auto row =
        d->row(u"SELECT file_uuid, sha256, size, etag, last_modified, content_md5 FROM url_cache "
               "WHERE engine=? AND session_key=? AND url=?"_s,
               {d->engine, session, url});
    if (!row)
        return std::nullopt;
    return CachedUrl{.url = url,
                     .fileUuid = row->value(0).toString(),
                     .sha256 = row->value(1).toString().toLatin1(),
                     .size = row->value(2).toLongLong(),
                     .etag = row->value(3).toString(),
                     .lastModified = row->value(4).toString(),
                     .contentMd5 = row->value(5).toString()};
}

Result<> SessionStore::rememberUrl(const QString &session, const CachedUrl &entry)
{
    return d->write(u"INSERT OR REPLACE INTO url_cache VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                    {d->engine, session, entry.url, notNull(entry.fileUuid),
                     QString::fromLatin1(entry.sha256), entry.size, notNull(entry.etag),
                     notNull(entry.lastModified), notNull(entry.contentMd5), nowText()});
}

std::optional<QString> SessionStore::baseImage(const QString &reference)
{
    const auto row = d->row(u"SELECT image_uuid FROM base_images WHERE engine=? AND reference=?"_s,
                            {d->engine, reference});
    return row ? std::optional(row->value(0).toString()) : std::nullopt;
}

Result<> SessionStore::rememberBaseImage(const QString &reference, const QString &image)
{
    return d->write(u"INSERT OR REPLACE INTO base_images VALUES (?, ?, ?, ?)"_s,
                    {d->engine, reference, image, nowText()});
}

Result<> SessionStore::Private::addEntry(const QString &branch, HistoryEntry &entry) const
{
    if (entry.parent == 0) {
        const auto tip = row(
            u"SELECT history_id FROM session_branches WHERE engine=? AND session_key=? AND branch_name=?"_s,
            {engine, entry.session, branch});
        entry.parent = tip ? tip->value(0).toLongLong() : 0;
    } else if (!row(u"SELECT 1 FROM session_history WHERE engine=? AND session_key=? AND id=?"_s,
                    {engine, entry.session, entry.parent})) {
        return failure(ErrorKind::NotFound,
                       QCoreApplication::translate("SessionStore", "The session has no history entry %1")
                           .arg(entry.parent),
                       entry.session);
    }
    auto inserted =
        database->run(u"INSERT INTO session_history (engine, session_key, image_uuid, parent_id, kind, "
                      u"title, operation_uuid, created_at) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                      {engine, entry.session, entry.image, entry.parent ? QVariant(entry.parent) : QVariant(),
                       notNull(entry.kind), notNull(entry.title), entry.operation, toText(entry.createdAt)});
    if (!inserted)
        return std::unexpected(inserted.error());
    entry.id = inserted->lastInsertId().toLongLong();
    return write(u"INSERT OR REPLACE INTO session_branches VALUES (?, ?, ?, ?)"_s,
                 {engine, entry.session, branch, entry.id})
        .and_then([&] {
            return write(u"INSERT INTO session_state (engine, session_key, updated_at) VALUES (?, ?, ?) "
                         "ON CONFLICT (engine, session_key) DO UPDATE SET updated_at=excluded.updated_at"_s,
                         {engine, entry.session, nowText()});
        });
}

Result<HistoryEntry> SessionStore::record(const QString &session, const QString &branch,
                                          const HistoryEntry &entry)
{
    HistoryEntry added = entry;
    added.session = session;
    if (!added.createdAt.isValid())
        added.createdAt = QDateTime::currentDateTimeUtc();
    return d->database->inTransaction([&] { return d->addEntry(branch, added); }).transform([&] {
        return added;
    });
}

Result<QList<HistoryEntry>> SessionStore::history(const QString &session)
{
    auto rows = d->database->run(u"SELECT id, image_uuid, parent_id, kind, title, operation_uuid, created_at "
                                 "FROM session_history WHERE engine=? AND session_key=? ORDER BY id"_s,
                                 {d->engine, session});
    if (!rows)
        return std::unexpected(rows.error());
    QList<HistoryEntry> entries;
    while (rows->next())
        entries.append({.id = rows->value(0).toLongLong(),
                        .session = session,
                        .image = rows->value(1).toString(),
                        .parent = rows->value(2).toLongLong(),
                        .kind = rows->value(3).toString(),
                        .title = rows->value(4).toString(),
                        .operation = rows->value(5).toString(),
                        .createdAt = QDateTime::fromString(rows->value(6).toString(), Qt::ISODateWithMs)});
    return entries;
}

Result<QStringList> SessionStore::sessions(const QString &prefix)
{
    auto rows = d->database->run(
        u"SELECT session_key FROM session_history WHERE engine=? AND substr(session_key, 1, ?)=? "
        "GROUP BY session_key ORDER BY max(id) DESC"_s,
        {d->engine, prefix.size(), notNull(prefix)});
    if (!rows)
        return std::unexpected(rows.error());
    QStringList names;
    while (rows->next())
        names.append(rows->value(0).toString());
    return names;
}

} // namespace cooperage::sessions
