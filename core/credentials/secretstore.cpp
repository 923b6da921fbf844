#include "core/credentials/secretstore.h"

#include "core/credentials/keychainjob.h"

#include <QPointer>

namespace cooperage::credentials {

QList<SecretEntry> SecretStore::list() const
{
    QList<SecretEntry> result;
    for (const auto &[name, kept] : m_forThisRun)
        result.append(kept.entry);
    for (const SecretEntry &entry : SecretIndex::entries()) {
        if (!m_forThisRun.contains(entry.key.toString()))
            result.append(entry);
    }
    return result;
}

std::optional<SecretEntry> SecretStore::entry(const SecretKey &key) const
{
    if (const auto kept = m_forThisRun.find(key.toString()); kept != m_forThisRun.end())
        return kept->second.entry;
    return SecretIndex::entry(key);
}

engine::Task<Secret> SecretStore::read(SecretKey key)
{
    if (const auto kept = m_forThisRun.find(key.toString()); kept != m_forThisRun.end())
        co_return Secret(kept->second.secret);
    co_return co_await readKeychain(key.toString());
}

// The index first: a secret that no list shows could never be removed.
static engine::Task<> writeBoth(SecretEntry entry, Secret secret)
{
    const KeychainState state = co_await keychainState();
    if (state != KeychainState::Available)
        co_return std::unexpected(keychainError(state));
    const auto before = SecretIndex::entry(entry.key);
    if (const auto noted = SecretIndex::put(entry); !noted)
        co_return noted;
    const auto written = co_await writeKeychain(entry.key.toString(), std::move(secret));
    if (!written) {
        const auto undone = before ? SecretIndex::put(*before) : SecretIndex::remove(entry.key);
        co_return undone ? written : undone;
    }
    co_return {};
}

engine::Task<> SecretStore::write(SecretEntry entry, Secret secret, Keep keep)
{
    const QPointer<SecretStore> self(this);
    const QString name = entry.key.toString();
    entry.savedAt = QDateTime::currentDateTimeUtc();
    entry.forThisRun = keep == Keep::ForThisRun;
    if (keep == Keep::InKeychain) {
        const auto written = co_await writeBoth(entry, std::move(secret));
        if (!written || !self)
            co_return written;
        m_forThisRun.erase(name);
    } else {
        m_forThisRun.insert_or_assign(name, Kept{entry, std::move(secret)});
    }
    Q_EMIT changed();
    co_return {};
}

engine::Task<> SecretStore::remove(SecretKey key)
{
    const QPointer<SecretStore> self(this);
    if (m_forThisRun.erase(key.toString()) == 0) {
        const auto removed = co_await removeFromKeychain(key.toString());
        if (!removed)
            co_return removed;
        if (const auto noted = SecretIndex::remove(key); !noted)
            co_return noted;
    }
    if (self)
        Q_EMIT changed();
    co_return {};
}

void SecretStore::noteChecked(const SecretKey &key)
{
    update(key, &SecretEntry::checkedAt);
}

void SecretStore::noteUsed(const SecretKey &key)
{
    update(key, &SecretEntry::usedAt);
}

void SecretStore::update(const SecretKey &key, QDateTime SecretEntry::*time)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (const auto kept = m_forThisRun.find(key.toString()); kept != m_forThisRun.end()) {
        kept->second.entry.*time = now;
    } else if (auto entry = SecretIndex::entry(key)) {
        (*entry).*time = now;
        (void)SecretIndex::put(*entry); // Only a time to show: not worth failing a sign-in that worked.
    }
    Q_EMIT changed();
}

} // namespace cooperage::credentials
