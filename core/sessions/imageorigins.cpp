#include "core/sessions/imageorigins.h"

#include "core/sessions/database.h"

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

Result<> ImageOrigins::setPlace(qint64 entry, const BuildPlace &place)
{
    return m_store.database().write(u"INSERT OR REPLACE INTO build_places VALUES (?, ?, ?, ?)"_s,
                                    {entry, place.dockerfile, place.step, place.line});
}

Result<QHash<QString, ImageOrigin>> ImageOrigins::of(const QStringList &images)
{
    QHash<QString, ImageOrigin> origins;
    if (images.isEmpty())
        return origins;
    QVariantList values{m_store.engineScope(), kind::build, kind::run};
    for (const QString &image : images)
        values.append(image);
    // FROM makes no image, it takes one. The oldest entry of an image is the one that made it.
    auto rows = m_store.database().run(
        u"SELECT h.image_uuid, h.kind, h.title, h.session_key, p.dockerfile, p.step, p.line, "
        "b.kind, b.title, b.image_uuid FROM session_history h "
        "LEFT JOIN build_places p ON p.history_id=h.id LEFT JOIN session_history b ON b.id=h.parent_id "
        "WHERE h.engine=? AND h.kind IN (?, ?) AND h.title NOT LIKE 'FROM %' AND h.image_uuid IN (?"_s +
            u", ?"_s.repeated(images.size() - 1) + u") ORDER BY h.id DESC"_s,
        values);
    if (!rows)
        return std::unexpected(rows.error());
    while (rows->next()) {
        const bool named = rows->value(7).toString() == kind::use;
        origins.insert(rows->value(0).toString(), {.kind = rows->value(1).toString(),
                                                   .title = rows->value(2).toString(),
                                                   .session = rows->value(3).toString(),
                                                   .base = rows->value(named ? 8 : 9).toString(),
                                                   .baseIsNamed = named,
                                                   .place = {.dockerfile = rows->value(4).toString(),
                                                             .step = rows->value(5).toInt(),
                                                             .line = rows->value(6).toInt()}});
    }
    return origins;
}

Result<QSet<QString>> ImageOrigins::cached()
{
    auto rows = m_store.database().run(u"SELECT DISTINCT image_uuid FROM layer_cache WHERE engine=?"_s,
                                       {m_store.engineScope()});
    if (!rows)
        return std::unexpected(rows.error());
    QSet<QString> images;
    while (rows->next())
        images.insert(rows->value(0).toString());
    return images;
}

} // namespace cooperage::sessions
