#include "core/sessions/tagging.h"

#include <QPointer>

#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::sessions {

using engine::Task;

Task<TagHolders> tagHolders(engine::Engine *engine, QString tag, std::stop_token stop)
{
    const auto info = co_await engine->info(stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(engine::extension::imageList)) {
        const auto image = co_await engine->resolve(u"tag:"_s + tag, stop);
        if (!image && image.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(image.error());
        co_return TagHolders{.own = image ? image->uuid : QString()};
    }
    engine::ImageListQuery query{.limit = 3, .tagPrefix = tag};
    query.order = engine::ImageListQuery::Order::Tag;
    query.descending = false;
    const auto page = co_await engine->browse(query, stop);
    if (!page)
        co_return std::unexpected(page.error());
    TagHolders holders;
    for (const engine::ImageListRow &row : std::as_const(page->rows)) {
        if (row.image.tag == tag)
            (row.isPublic ? holders.publicImage : holders.own) = row.image.uuid;
    }
    co_return TagHolders(holders);
}

Task<QString> tagHolder(engine::Engine *engine, QString tag, std::stop_token stop)
{
    const auto holders = co_await tagHolders(engine, tag, stop);
    if (!holders)
        co_return std::unexpected(holders.error());
    co_return QString(holders->own);
}

Task<TagChange> changeTag(engine::Engine *engine, SessionStore *store, TagChange wanted, std::stop_token stop)
{
    if (wanted.before.isEmpty()) {
        const auto before = co_await tagHolder(engine, wanted.tag, stop);
        if (!before)
            co_return std::unexpected(before.error());
        wanted.before = *before;
    }
    if (wanted.before == wanted.after)
        co_return TagChange(wanted);
    const QPointer<engine::Engine> alive(engine);
    if (wanted.after.isEmpty()) {
        const Result<> removed = co_await engine->removeTag(wanted.before, wanted.tag);
        if (!removed)
            co_return std::unexpected(removed.error());
    } else {
        const auto tagged = co_await engine->setTag(wanted.after, wanted.tag);
        if (!tagged)
            co_return std::unexpected(tagged.error());
    }
    if (!alive) // The program ended meanwhile, and the store is gone as well.
        co_return failure(ErrorKind::Cancelled, {});
    // The tag is changed; a journal that cannot be written is no reason to say that it is not.
    if (const auto written = TagJournal(*store).record(wanted); !written)
        qWarning("%s", qUtf8Printable(written.error().text()));
    co_return TagChange(wanted);
}

TagChange reversed(const TagChange &change)
{
    TagChange back;
    back.tag = change.tag;
    back.before = change.after;
    back.after = change.before;
    return back;
}

} // namespace cooperage::sessions
