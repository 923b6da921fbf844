#include "tests/support/keyring.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusInterface>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

using namespace Qt::StringLiterals;

namespace cooperage::test {

/// A secret as the Secret Service's protocol carries it: (oayays).
struct WireSecret
{
    QDBusObjectPath session;
    QByteArray parameters;
    QByteArray value;
    QString type = u"text/plain"_s;
};

static QDBusArgument &operator<<(QDBusArgument &argument, const WireSecret &secret)
{
    argument.beginStructure();
    argument << secret.session << secret.parameters << secret.value << secret.type;
    argument.endStructure();
    return argument;
}

static const QDBusArgument &operator>>(const QDBusArgument &argument, WireSecret &secret)
{
    argument.beginStructure();
    argument >> secret.session >> secret.parameters >> secret.value >> secret.type;
    argument.endStructure();
    return argument;
}

} // namespace cooperage::test

Q_DECLARE_METATYPE(cooperage::test::WireSecret)

namespace cooperage::test {

static const QString secretsName = u"org.freedesktop.secrets"_s;
static const QString secretsPath = u"/org/freedesktop/secrets"_s;
static const QString secretsInterface = u"org.freedesktop.Secret.Service"_s;

SessionBus::SessionBus()
{
    for (const QString &program : {u"dbus-daemon"_s, u"gnome-keyring-daemon"_s}) {
        if (QStandardPaths::findExecutable(program).isEmpty()) {
            m_problem = program + u" is not installed: the whole program"_s;
            return;
        }
    }
    QFile config(m_folder.filePath(u"bus.conf"_s));
    if (!config.open(QFile::WriteOnly)) {
        m_problem = u"no configuration of a bus: the whole program"_s;
        return;
    }
    config.write("<busconfig><type>session</type><listen>unix:dir=" + QFile::encodeName(m_folder.path()) +
                 "</listen><policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                 "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
    config.close();
    m_process.start(u"dbus-daemon"_s,
                    {u"--config-file="_s + config.fileName(), u"--nofork"_s, u"--print-address"_s});
    m_process.waitForReadyRead(10'000);
    const QByteArray address = m_process.readLine().trimmed();
    if (address.isEmpty())
        m_problem = u"no session bus: the whole program"_s;
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
}

SessionBus::~SessionBus()
{
    m_process.kill();
    m_process.waitForFinished();
}

Keyring::~Keyring()
{
    stop();
}

void Keyring::stop()
{
    m_process.kill();
    m_process.waitForFinished();
}

Result<> Keyring::start(const QByteArray &password)
{
    m_process.start(u"gnome-keyring-daemon"_s, {u"--unlock"_s, u"--foreground"_s, u"--components=secrets"_s});
    m_process.write(password);
    m_process.closeWriteChannel();
    const auto bus = QDBusConnection::sessionBus().interface();
    const bool ready =
        bus && QTest::qWaitFor([&] { return bus->isServiceRegistered(secretsName).value(); }, 10'000);
    if (ready)
        return {};
    return failure(ErrorKind::Failed, QString::fromLocal8Bit(m_process.readAllStandardError()));
}

static QDBusObjectPath loginKeyring()
{
    return QDBusObjectPath(secretsPath + u"/collection/login"_s);
}

bool Keyring::lock()
{
    QDBusInterface service(secretsName, secretsPath, secretsInterface);
    const auto reply = service.call(u"Lock"_s, QVariant::fromValue(QList<QDBusObjectPath>{loginKeyring()}));
    return reply.type() == QDBusMessage::ReplyMessage;
}

bool Keyring::unlock(const QByteArray &password)
{
    qDBusRegisterMetaType<WireSecret>();
    QDBusInterface service(secretsName, secretsPath, secretsInterface);
    const auto session =
        service.call(u"OpenSession"_s, u"plain"_s, QVariant::fromValue(QDBusVariant(QString())));
    const WireSecret secret{session.arguments().value(1).value<QDBusObjectPath>(), {}, password};
    QDBusInterface internal(secretsName, secretsPath,
                            u"org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"_s);
    const auto reply = internal.call(u"UnlockWithMasterPassword"_s, QVariant::fromValue(loginKeyring()),
                                     QVariant::fromValue(secret));
    return reply.type() == QDBusMessage::ReplyMessage;
}

} // namespace cooperage::test
