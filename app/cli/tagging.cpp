#include "app/cli/tagging.h"

#include "app/cli/support.h"
#include "core/sessions/tagging.h"

namespace cooperage::cli {

Result<> changeTag(engine::Engine &engine, const QString &tag, const QString &before, const QString &after,
                   const QString &command)
{
    const auto store = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), engineScope());
    if (!store)
        return std::unexpected(store.error());
    sessions::TagChange change;
    change.tag = tag;
    change.before = before;
    change.after = after;
    change.command = command;
    const auto changed = await(sessions::changeTag(&engine, store->get(), change, interrupted()));
    return changed ? Result<>() : std::unexpected(changed.error());
}

} // namespace cooperage::cli
