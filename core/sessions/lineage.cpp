#include "core/sessions/lineage.h"

#include "core/sessions/database.h"

#include <QSet>

#include <algorithm>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

static constexpr int mostEntries = 1000;

static const QString columns =
    u"h.id, h.session_key, h.image_uuid, h.parent_id, h.kind, h.title, h.operation_uuid, h.created_at"_s;

static std::optional<HistoryEntry> entryOf(const std::optional<QSqlQuery> &row)
{
    if (!row)
        return std::nullopt;
    return HistoryEntry{.id = row->value(0).toLongLong(),
                        .session = row->value(1).toString(),
                        .image = row->value(2).toString(),
                        .parent = row->value(3).toLongLong(),
                        .kind = row->value(4).toString(),
                        .title = row->value(5).toString(),
                        .operation = row->value(6).toString(),
                        .createdAt = toTime(row->value(7).toString())};
}

// FROM and `use` take an image, they make none; nor does a run that changed nothing. The oldest entry of an
// image that is left made it.
static std::optional<HistoryEntry> makerOf(SessionStore &store, const QString &image)
{
    return entryOf(store.database().row(
        u"SELECT "_s + columns +
            u" FROM session_history h WHERE h.engine=? AND h.image_uuid=? AND h.kind<>? AND h.title NOT LIKE "
            "'FROM %' AND NOT EXISTS (SELECT 1 FROM session_history p WHERE p.id=h.parent_id AND "
            "p.image_uuid=h.image_uuid) ORDER BY h.id LIMIT 1"_s,
        {store.engineScope(), image, kind::use}));
}

static std::optional<HistoryEntry> entryAt(SessionStore &store, qint64 id)
{
    return entryOf(
        store.database().row(u"SELECT "_s + columns + u" FROM session_history h WHERE h.id=?"_s, {id}));
}

Result<QList<HistoryEntry>> lineageOf(SessionStore &store, const QString &image)
{
    QList<HistoryEntry> entries;
    QSet<qint64> seen;
    auto entry = makerOf(store, image);
    while (entry && entries.size() < mostEntries && !seen.contains(entry->id)) {
        seen.insert(entry->id);
        const QString made = entry->image;
        entries.append(*entry);
        auto before = entry->parent ? entryAt(store, entry->parent) : std::nullopt;
        while (before && before->image == made && before->parent && !seen.contains(before->id)) {
            seen.insert(before->id);
            before = entryAt(store, before->parent);
        }
        // A base image may have been made here as well.
        entry = before && before->image != made ? makerOf(store, before->image) : std::nullopt;
        if (before && before->image != made && !entry) {
            entries.append(*before);
            break;
        }
    }
    std::ranges::reverse(entries);
    return entries;
}

} // namespace cooperage::sessions
