#include "core/embedded/store/layertartable.h"

#include "core/embedded/store/database.h"

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

Result<std::optional<LayerTarTable::Row>> LayerTarTable::find(const LayerId &layer)
{
    Result<QSqlQuery> found = m_database.query(u"SELECT diff_id, size FROM layer_tars WHERE layer=?"_s,
                                               {QString::fromStdString(layer)});
    if (!found)
        return std::unexpected(found.error());
    if (!found->next())
        return std::nullopt;
    return Row{found->value(0).toString().toLatin1(), found->value(1).toLongLong()};
}

Result<> LayerTarTable::insert(const LayerId &layer, const Row &row)
{
    // Fast: what a power cut takes away is found out again.
    return m_database.transaction(
        [&]() -> Result<> {
            const Result<QSqlQuery> done =
                m_database.query(u"INSERT OR REPLACE INTO layer_tars (layer, diff_id, size) VALUES (?,?,?)"_s,
                                 {QString::fromStdString(layer), QString::fromLatin1(row.diffId), row.size});
            return done ? Result<>() : std::unexpected(done.error());
        },
        Durability::Fast);
}

Result<> LayerTarTable::remove(const LayerId &layer)
{
    return m_database.transaction([&]() -> Result<> {
        const Result<QSqlQuery> done =
            m_database.query(u"DELETE FROM layer_tars WHERE layer=?"_s, {QString::fromStdString(layer)});
        return done ? Result<>() : std::unexpected(done.error());
    });
}

} // namespace cooperage::embedded
