#include "core/credentials/credentialfinder.h"

#include "core/credentials/registrycredentials.h"
#include "core/images/reference.h"

#include <QCoreApplication>

#include <algorithm>

namespace cooperage::credentials {

using Found = std::optional<engine::Credentials>;

static QDateTime lastTouched(const SecretEntry &entry)
{
    return entry.usedAt.isValid() ? std::max(entry.usedAt, entry.savedAt) : entry.savedAt;
}

/// The accounts at a registry, the likeliest first.
static QList<SecretEntry> accountsAt(const QString &host, QList<SecretEntry> entries)
{
    entries.removeIf([&host](const SecretEntry &entry) {
        return entry.key.kind != SecretKey::Kind::Registry || entry.key.scope != host;
    });
    std::ranges::stable_sort(entries, [](const SecretEntry &a, const SecretEntry &b) {
        if (a.forThisRun != b.forThisRun)
            return a.forThisRun;
        return lastTouched(a) > lastTouched(b);
    });
    return entries;
}

static engine::Task<Found> findSaved(SecretStore *store, QString host)
{
    for (const SecretEntry &entry : accountsAt(host, store->list())) {
        const auto secret = co_await store->read(entry.key);
        if (!secret && secret.error().kind == ErrorKind::NotFound)
            continue;
        if (!secret)
            co_return std::unexpected(secret.error());
        store->noteUsed(entry.key);
        const QString source = entry.forThisRun
                                   ? QCoreApplication::translate("Credentials", "the sign-in for this run")
                                   : QCoreApplication::translate("Credentials", "the keychain");
        co_return engine::Credentials{entry.key.user, secret->text(), source};
    }
    co_return Found();
}

static engine::Task<Found> findAnywhere(SecretStore *store, bool everywhere, QString reference,
                                        std::stop_token stop)
{
    const auto parsed = images::Reference::parse(reference);
    if (!parsed)
        co_return Found();
    const auto saved = co_await findSaved(store, parsed->host);
    if (!saved || *saved || !everywhere)
        co_return saved;
    co_return co_await registryCredentials(reference, stop);
}

engine::Task<Found> CredentialFinder::operator()(QString reference, std::stop_token stop) const
{
    return findAnywhere(m_store, m_places == Places::All, std::move(reference), std::move(stop));
}

} // namespace cooperage::credentials
