#pragma once

#include "core/credentials/keychainservice.h"
#include "core/credentials/secret.h"
#include "core/credentials/secretindex.h"

#include <QObject>

#include <map>

namespace cooperage::credentials {

enum class Keep {
    InKeychain,
    ForThisRun, ///< In memory, until the program ends.
};

/// The user's secrets: in the keychain of the operating system, or in memory for this run. Never in a file;
/// QtKeychain's fallback to one is off. Nothing here makes the system ask for the keychain's password: a
/// locked keychain is an error (Denied), an absent one too (Unsupported), until `unlockKeychain` was called.
class SecretStore : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// What there is, for this run first; needs no keychain.
    [[nodiscard]] QList<SecretEntry> list() const;
    [[nodiscard]] std::optional<SecretEntry> entry(const SecretKey &key) const;

    /// NotFound if the keychain has no such secret (any more).
    [[nodiscard]] engine::Task<Secret> read(SecretKey key);
    /// Replaces what was there under that key; the entry's `savedAt` becomes now.
    [[nodiscard]] engine::Task<> write(SecretEntry entry, Secret secret, Keep keep);
    /// No error if it is gone already.
    [[nodiscard]] engine::Task<> remove(SecretKey key);

    /// Remembers that the server accepted the secret, or that it was used, just now.
    void noteChecked(const SecretKey &key);
    void noteUsed(const SecretKey &key);

Q_SIGNALS:
    /// `list` has something else to say.
    void changed();

private:
    struct Kept
    {
        SecretEntry entry;
        Secret secret;
    };
    void update(const SecretKey &key, QDateTime SecretEntry::*time);

    std::map<QString, Kept> m_forThisRun; ///< By the key's text.
};

} // namespace cooperage::credentials
