#include "core/connections/profiletakeover.h"

#include "core/connections/connection.h"
#include "core/connections/profilestore.h"

namespace cooperage::connections {

using credentials::Keep;
using credentials::SecretEntry;
using credentials::SecretKey;

Result<QList<ContreeCliProfile>> newContreeProfiles()
{
    auto found = readContreeProfiles(contreeAuthFile());
    if (found)
        found->removeIf([](const ContreeCliProfile &profile) {
            return ProfileStore::profile(profile.profile.name).has_value();
        });
    return found;
}

engine::Task<> takeOver(credentials::SecretStore *store, QList<ContreeCliProfile> profiles)
{
    for (const ContreeCliProfile &found : std::as_const(profiles)) {
        const SecretEntry entry{.key = SecretKey::contree(found.profile.name), .source = contreeAuthFile()};
        const auto written = co_await store->write(entry, found.token, Keep::InKeychain);
        if (!written)
            co_return written;
        if (const auto put = ProfileStore::put(found.profile); !put)
            co_return put;
    }
    co_return {};
}

engine::Task<ForgottenProfile> forgetProfile(credentials::SecretStore *store, ConnectionProfile profile)
{
    const SecretKey key = SecretKey::contree(profile.name);
    ForgottenProfile forgotten{.profile = profile, .entry = {.key = key}, .token = {}};
    if (const auto entry = store->entry(key)) {
        forgotten.entry = *entry;
        const auto token = co_await store->read(key);
        if (!token && token.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(token.error());
        if (token)
            forgotten.token = *token;
        if (const auto removed = co_await store->remove(key); !removed)
            co_return std::unexpected(removed.error());
    }
    if (const auto removed = ProfileStore::remove(profile.name); !removed)
        co_return std::unexpected(removed.error());
    co_return forgotten;
}

engine::Task<> restoreProfile(credentials::SecretStore *store, ForgottenProfile forgotten)
{
    if (const auto put = ProfileStore::put(forgotten.profile); !put)
        co_return put;
    if (forgotten.token.isEmpty())
        co_return {};
    const Keep keep = forgotten.entry.forThisRun ? Keep::ForThisRun : Keep::InKeychain;
    co_return co_await store->write(forgotten.entry, forgotten.token, keep);
}

} // namespace cooperage::connections
