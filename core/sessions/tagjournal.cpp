#include "core/sessions/tagjournal.h"

#include "core/sessions/database.h"

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

static QVariant orNull(const QString &image)
{
    return image.isEmpty() ? QVariant() : QVariant(image);
}

static Result<QList<TagChange>> select(SessionStore &store, const QString &condition, QVariantList values)
{
    values.prepend(store.engineScope());
    auto rows = store.database().run(
        u"SELECT id, tag, image_before, image_after, changed_at, command FROM tag_journal WHERE engine=? "_s +
            condition + u" ORDER BY id DESC LIMIT ?"_s,
        values);
    if (!rows)
        return std::unexpected(rows.error());
    QList<TagChange> changes;
    while (rows->next())
        changes.append({.id = rows->value(0).toLongLong(),
                        .tag = rows->value(1).toString(),
                        .before = rows->value(2).toString(),
                        .after = rows->value(3).toString(),
                        .changedAt = toTime(rows->value(4).toString()),
                        .command = rows->value(5).toString()});
    return changes;
}

Result<TagChange> TagJournal::record(const TagChange &change)
{
    TagChange written = change;
    if (!written.changedAt.isValid())
        written.changedAt = QDateTime::currentDateTimeUtc();
    auto inserted = m_store.database().run(
        u"INSERT INTO tag_journal (engine, tag, image_before, image_after, changed_at, command) "
        "VALUES (?, ?, ?, ?, ?, ?)"_s,
        {m_store.engineScope(), written.tag, orNull(written.before), orNull(written.after),
         toText(written.changedAt), notNull(written.command)});
    if (!inserted)
        return std::unexpected(inserted.error());
    written.id = inserted->lastInsertId().toLongLong();
    return written;
}

Result<QList<TagChange>> TagJournal::changes(const QString &tag, int limit)
{
    return select(m_store, u"AND tag=?"_s, {tag, limit});
}

Result<QStringList> TagJournal::tags(int limit)
{
    auto rows = m_store.database().run(
        u"SELECT tag FROM tag_journal WHERE engine=? GROUP BY tag ORDER BY max(id) DESC LIMIT ?"_s,
        {m_store.engineScope(), limit});
    if (!rows)
        return std::unexpected(rows.error());
    QStringList tags;
    while (rows->next())
        tags.append(rows->value(0).toString());
    return tags;
}

Result<QList<TagChange>> TagJournal::recent(int limit)
{
    return select(m_store, {}, {limit});
}

Result<std::optional<TagChange>> TagJournal::last(const QString &tag)
{
    return changes(tag, 1).transform([](const QList<TagChange> &changes) {
        return changes.isEmpty() ? std::nullopt : std::optional(changes.first());
    });
}

} // namespace cooperage::sessions
