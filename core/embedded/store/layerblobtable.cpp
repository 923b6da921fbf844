#include "core/embedded/store/layerblobtable.h"

#include "core/embedded/store/database.h"

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

Result<> LayerBlobTable::add(const LayerBlobRow &row)
{
    return m_database.transaction(
        [&]() -> Result<> {
            const Result<QSqlQuery> done = m_database.query(
                u"INSERT OR REPLACE INTO layer_blobs (layer, repository, digest, diff_id, size, media_type)"
                " VALUES (?,?,?,?,?,?)"_s,
                {QString::fromStdString(row.layer), row.repository, QString::fromLatin1(row.digest),
                 QString::fromLatin1(row.diffId), row.size, row.mediaType});
            return done ? Result<>() : std::unexpected(done.error());
        },
        Durability::Fast);
}

Result<QList<LayerBlobRow>> LayerBlobTable::of(const LayerId &layer)
{
    Result<QSqlQuery> found = m_database.query(
        u"SELECT repository, digest, diff_id, size, media_type FROM layer_blobs WHERE layer=?"
        " ORDER BY repository, digest"_s,
        {QString::fromStdString(layer)});
    if (!found)
        return std::unexpected(found.error());
    QList<LayerBlobRow> rows;
    while (found->next())
        rows << LayerBlobRow{layer,
                             found->value(0).toString(),
                             found->value(1).toString().toLatin1(),
                             found->value(2).toString().toLatin1(),
                             found->value(3).toLongLong(),
                             found->value(4).toString()};
    return rows;
}

Result<> LayerBlobTable::remove(const LayerBlobRow &row)
{
    const Result<QSqlQuery> done = m_database.query(
        u"DELETE FROM layer_blobs WHERE layer=? AND repository=? AND digest=?"_s,
        {QString::fromStdString(row.layer), row.repository, QString::fromLatin1(row.digest)});
    return done ? Result<>() : std::unexpected(done.error());
}

} // namespace cooperage::embedded
