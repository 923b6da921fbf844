#include "core/credentials/keychainservice.h"
#include "core/credentials/secretservice/dbuscall.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusObjectPath>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

// The Secret Service of freedesktop.org: gnome-keyring, KWallet and KeePassXC all speak it.
namespace cooperage::credentials {

static const QString service = u"org.freedesktop.secrets"_s;
static const QString servicePath = u"/org/freedesktop/secrets"_s;
static const QString serviceInterface = u"org.freedesktop.Secret.Service"_s;
static const QString noObject = u"/"_s;

// Older KWallets are used by QtKeychain under their own name; they ask the user by themselves.
static bool isThere(QDBusConnectionInterface &bus, const QString &name)
{
    return bus.isServiceRegistered(name).value() || bus.activatableServiceNames().value().contains(name);
}

static QDBusMessage call(const QString &path, const QString &interface, const QString &method,
                         const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return message;
}

/// The object path of the collection in which secrets are kept; "/" before the first one is made.
static engine::Task<QString> defaultCollection()
{
    const auto reply = co_await callBus(call(servicePath, serviceInterface, u"ReadAlias"_s, {u"default"_s}));
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return reply->arguments().value(0).value<QDBusObjectPath>().path();
}

QCoro::Task<KeychainState> keychainState()
{
    QDBusConnectionInterface *bus = QDBusConnection::sessionBus().interface();
    if (!bus)
        co_return KeychainState::Absent;
    if (!isThere(*bus, service)) {
        const bool wallet = isThere(*bus, u"org.kde.kwalletd6"_s) || isThere(*bus, u"org.kde.kwalletd5"_s);
        co_return wallet ? KeychainState::Available : KeychainState::Absent;
    }
    const auto collection = co_await defaultCollection();
    if (!collection)
        co_return KeychainState::Absent;
    if (*collection == noObject) // The first secret will make it.
        co_return KeychainState::Available;
    const auto locked = co_await callBus(call(*collection, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                                              {u"org.freedesktop.Secret.Collection"_s, u"Locked"_s}));
    if (!locked)
        co_return KeychainState::Absent;
    const bool isLocked = locked->arguments().value(0).value<QDBusVariant>().variant().toBool();
    co_return isLocked ? KeychainState::Locked : KeychainState::Available;
}

static Error notUnlocked()
{
    return {ErrorKind::Cancelled,
            QCoreApplication::translate("Keychain", "The keychain was not unlocked"),
            {},
            QCoreApplication::translate("Keychain", "Unlock it, or use the password for this run only.")};
}

static engine::Task<> prompt(QString path, std::stop_token stop)
{
    PromptEnd end(path);
    const auto shown =
        co_await callBus(call(path, u"org.freedesktop.Secret.Prompt"_s, u"Prompt"_s, {QString()}));
    if (!shown)
        co_return std::unexpected(shown.error());
    const bool dismissed = co_await end.wait(stop);
    if (dismissed)
        co_return std::unexpected(notUnlocked());
    co_return {};
}

engine::Task<> unlockKeychain(std::stop_token stop)
{
    const KeychainState state = co_await keychainState();
    if (state == KeychainState::Absent)
        co_return std::unexpected(keychainError(state));
    if (state == KeychainState::Available)
        co_return {};
    const auto collection = co_await defaultCollection();
    if (!collection)
        co_return std::unexpected(collection.error());
    const QVariant objects = QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(*collection)});
    const auto reply = co_await callBus(call(servicePath, serviceInterface, u"Unlock"_s, {objects}));
    if (!reply)
        co_return std::unexpected(reply.error());
    const QString path = reply->arguments().value(1).value<QDBusObjectPath>().path();
    if (path == noObject)
        co_return {};
    co_return co_await prompt(path, stop);
}

} // namespace cooperage::credentials
