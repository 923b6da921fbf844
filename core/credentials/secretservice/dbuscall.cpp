#include "core/credentials/secretservice/dbuscall.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusPendingCallWatcher>
#include <QDBusServiceWatcher>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

static constexpr int longestCall = 10'000;

engine::Task<QDBusMessage> callBus(QDBusMessage message)
{
    auto promise = std::make_shared<QPromise<QDBusMessage>>();
    promise->start();
    auto *watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message, longestCall));
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, [watcher, promise] {
        promise->addResult(watcher->reply());
        promise->finish();
        watcher->deleteLater();
    });
    const QDBusMessage reply = co_await FutureEnd(promise->future());
    if (reply.type() == QDBusMessage::ReplyMessage)
        co_return reply;
    co_return failure(
        ErrorKind::Unreachable,
        QCoreApplication::translate("Keychain", "The keychain's service does not answer: %1")
            .arg(reply.errorMessage()),
        {}, QCoreApplication::translate("Keychain", "Restart the session's keychain and try again."));
}

PromptEnd::PromptEnd(const QString &path) : m_path(path)
{
    m_promise.start();
    QDBusConnection bus = QDBusConnection::sessionBus();
    bus.connect(u"org.freedesktop.secrets"_s, path, u"org.freedesktop.Secret.Prompt"_s, u"Completed"_s, this,
                SLOT(completed(bool, QDBusVariant)));
    auto *watcher = new QDBusServiceWatcher(u"org.freedesktop.secrets"_s, bus,
                                            QDBusServiceWatcher::WatchForUnregistration, this);
    connect(watcher, &QDBusServiceWatcher::serviceUnregistered, this, [this] { end(true); });
}

QCoro::Task<bool> PromptEnd::wait(std::stop_token stop)
{
    const std::stop_callback onStop(stop, [this] {
        QDBusConnection::sessionBus().asyncCall(QDBusMessage::createMethodCall(
            u"org.freedesktop.secrets"_s, m_path, u"org.freedesktop.Secret.Prompt"_s, u"Dismiss"_s));
        QMetaObject::invokeMethod(this, [this] { end(true); }, Qt::QueuedConnection);
    });
    co_return co_await FutureEnd(m_promise.future());
}

void PromptEnd::completed(bool dismissed, const QDBusVariant &)
{
    end(dismissed);
}

void PromptEnd::end(bool dismissed)
{
    if (m_promise.future().isFinished())
        return;
    m_promise.addResult(dismissed);
    m_promise.finish();
}

} // namespace cooperage::credentials
