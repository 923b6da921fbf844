#include "app/credentials/signins.h"

#include <algorithm>
#include <utility>

namespace cooperage::gui {

using credentials::Keep;
using credentials::Secret;
using credentials::SecretEntry;
using credentials::SignInCheck;

SignIns::SignIns(credentials::SecretStore *store, QObject *parent) : QObject(parent), m_store(store)
{
    connect(store, &credentials::SecretStore::changed, this, &SignIns::changed);
}

SignIns::~SignIns()
{
    m_stop.request_stop();
}

QList<SecretEntry> SignIns::accounts() const
{
    QList<SecretEntry> result = m_store->list();
    result.removeIf(
        [](const SecretEntry &entry) { return entry.key.kind != credentials::SecretKey::Kind::Registry; });
    std::ranges::sort(result, [](const SecretEntry &a, const SecretEntry &b) {
        return std::tie(a.key.scope, a.key.user) < std::tie(b.key.scope, b.key.user);
    });
    return result;
}

static QCoro::Task<SignInCheck> checkSaved(credentials::SecretStore *store, SecretEntry account,
                                           std::stop_token stop)
{
    const auto secret = co_await store->read(account.key);
    if (!secret)
        co_return SignInCheck{credentials::SignInState::Failed, secret.error()};
    engine::Credentials given{account.key.user, secret->text()};
    co_return co_await credentials::checkSignIn(account.key.scope, std::move(given), stop);
}

void SignIns::test(const SecretEntry &account)
{
    Q_EMIT testStarted(account);
    QCoro::connect(checkSaved(m_store, account, m_stop.get_token()), this,
                   [this, account](const SignInCheck &check) {
                       if (check.isAccepted())
                           m_store->noteChecked(account.key);
                       Q_EMIT tested(account, check);
                   });
}

void SignIns::remove(const SecretEntry &account)
{
    QCoro::connect(m_store->read(account.key), this, [this, account](const Result<Secret> &secret) {
        if (secret)
            removeKept(account, *secret);
        else if (secret.error().kind == ErrorKind::NotFound)
            removeKept(account, std::nullopt);
        else
            Q_EMIT failed(secret.error());
    });
}

void SignIns::removeKept(const SecretEntry &account, std::optional<Secret> secret)
{
    QCoro::connect(m_store->remove(account.key), this,
                   [this, account, secret = std::move(secret)](const Result<> &gone) {
                       if (!gone) {
                           Q_EMIT failed(gone.error());
                           return;
                       }
                       m_removed.reset();
                       if (secret)
                           m_removed = Removed{account, *secret};
                       Q_EMIT removed(account, secret.has_value());
                   });
}

void SignIns::putBack()
{
    const auto back = std::exchange(m_removed, {});
    if (!back)
        return;
    const Keep keep = back->entry.forThisRun ? Keep::ForThisRun : Keep::InKeychain;
    QCoro::connect(m_store->write(back->entry, back->secret, keep), this, [this](const Result<> &written) {
        if (!written)
            Q_EMIT failed(written.error());
    });
}

} // namespace cooperage::gui
