#pragma once

#include "core/credentials/secretstore.h"
#include "core/credentials/signincheck.h"

#include <QObject>

#include <optional>
#include <stop_token>

namespace cooperage::gui {

/// The registry accounts that the user has saved, and what can be done with them.
class SignIns : public QObject
{
    Q_OBJECT

public:
    explicit SignIns(credentials::SecretStore *store, QObject *parent = nullptr);
    ~SignIns() override;

    [[nodiscard]] credentials::SecretStore *store() const { return m_store; }
    /// Sorted by host and user.
    [[nodiscard]] QList<credentials::SecretEntry> accounts() const;

    /// Tries the saved password at its registry.
    void test(const credentials::SecretEntry &account);
    /// Forgets the password; it stays in memory until `dropRemoved`, so that it can be put back.
    void remove(const credentials::SecretEntry &account);
    void putBack();
    void dropRemoved() { m_removed.reset(); }

Q_SIGNALS:
    void changed();
    void testStarted(const cooperage::credentials::SecretEntry &account);
    void tested(const cooperage::credentials::SecretEntry &account,
                const cooperage::credentials::SignInCheck &check);
    void removed(const cooperage::credentials::SecretEntry &account, bool canPutBack);
    void failed(const cooperage::Error &error);

private:
    struct Removed
    {
        credentials::SecretEntry entry;
        credentials::Secret secret;
    };
    void removeKept(const credentials::SecretEntry &account, std::optional<credentials::Secret> secret);

    credentials::SecretStore *m_store;
    std::optional<Removed> m_removed;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
