#pragma once

#include "core/credentials/secretkey.h"

#include <QDateTime>
#include <QList>

#include <optional>

namespace cooperage::credentials {

/// What is known of a secret beside the secret itself.
struct SecretEntry
{
    SecretKey key{};
    QString source{}; ///< Where it was taken from: a file's path or a helper's name; empty: typed in.
    QDateTime savedAt{};
    QDateTime checkedAt{}; ///< When the server last accepted it.
    QDateTime usedAt{};
    bool forThisRun = false; ///< In memory only.
};

/// Which secrets this program has put into the keychain: a file of names and times in the user's
/// configuration folder. It is read afresh at every call, because several programs write it.
class SecretIndex
{
public:
    [[nodiscard]] static QList<SecretEntry> entries();
    [[nodiscard]] static std::optional<SecretEntry> entry(const SecretKey &key);
    [[nodiscard]] static Result<> put(const SecretEntry &entry);
    [[nodiscard]] static Result<> remove(const SecretKey &key);
};

} // namespace cooperage::credentials
