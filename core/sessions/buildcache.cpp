#include "core/sessions/database.h"
#include "core/sessions/sessionstore.h"

// What builds remember: layers, URLs, base images.
namespace cooperage::sessions {

using namespace Qt::StringLiterals;

std::optional<CachedLayer> SessionStore::layer(const QString &session, const QByteArray &key)
{
    const auto row = m_database->row(u"SELECT image_uuid, title, duration_ms FROM layer_cache "
                                     "WHERE engine=? AND session_key=? AND layer_key=?"_s,
                                     {m_engine, session, QString::fromLatin1(key)});
    if (!row)
        return std::nullopt;
    return CachedLayer{key, row->value(0).toString(), row->value(1).toString(), row->value(2).toLongLong()};
}

Result<> SessionStore::rememberLayer(const QString &session, const CachedLayer &layer)
{
    return m_database->write(u"INSERT OR REPLACE INTO layer_cache VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
                             {m_engine, session, QString::fromLatin1(layer.key), layer.image,
                              notNull(layer.title), layer.durationMs, nowText()});
}

Result<> SessionStore::forgetLayer(const QString &session, const QByteArray &key)
{
    return m_database->write(u"DELETE FROM layer_cache WHERE engine=? AND session_key=? AND layer_key=?"_s,
                             {m_engine, session, QString::fromLatin1(key)});
}

std::optional<CachedUrl> SessionStore::url(const QString &session, const QString &url)
{
    const auto row =
        m_database->row(u"SELECT file_uuid, sha256, size, etag, last_modified, content_md5 FROM url_cache "
                        "WHERE engine=? AND session_key=? AND url=?"_s,
                        {m_engine, session, url});
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
    return m_database->write(u"INSERT OR REPLACE INTO url_cache VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                             {m_engine, session, entry.url, notNull(entry.fileUuid),
                              QString::fromLatin1(entry.sha256), entry.size, notNull(entry.etag),
                              notNull(entry.lastModified), notNull(entry.contentMd5), nowText()});
}

std::optional<QString> SessionStore::baseImage(const QString &reference)
{
    const auto row = m_database->row(u"SELECT image_uuid FROM base_images WHERE engine=? AND reference=?"_s,
                                     {m_engine, reference});
    return row ? std::optional(row->value(0).toString()) : std::nullopt;
}

Result<> SessionStore::rememberBaseImage(const QString &reference, const QString &image)
{
    return m_database->write(u"INSERT OR REPLACE INTO base_images VALUES (?, ?, ?, ?)"_s,
                             {m_engine, reference, image, nowText()});
}

} // namespace cooperage::sessions
