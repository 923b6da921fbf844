#include "core/embedded/runtime/busyboximage.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QDirIterator>
#include <QProcess>
#include <QRandomGenerator>

#include <csignal>
#include <pwd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::test;

static const char s_user[] = "cooperage-test"; // Made by the build root, with subordinate ids.

/// An engine that is killed in the middle of a step with every kind of mount, as root and as an ordinary
/// user: nothing stays mounted, nothing secret stays on the disk, caches do.
class TestMountsKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingStaysButCaches_data();
    void nothingStaysButCaches();

private:
    void start(const QString &user);
    [[nodiscard]] qint64 enginePid() const;
    [[nodiscard]] QByteArray everythingStored() const;
    [[nodiscard]] QString run(const QString &script, const QJsonArray &mounts);
    [[nodiscard]] QJsonObject operation(const QString &uuid) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_engine;
};

void TestMountsKill::initTestCase()
{
    if (::geteuid() != 0 || !QFile::exists(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine")))
        QSKIP("whole program: needs the engine, and root for mounts");
    if (embedded::staticBusybox().isEmpty())
        QSKIP("whole program: there is no static busybox on this machine");
}

void TestMountsKill::start(const QString &user)
{
    const QString program = m_folder->filePath(u"cooperage-engine"_s);
    QStringList command{u"/usr/bin/env"_s, u"XDG_CACHE_HOME="_s + m_folder->path(),
                        program,           u"serve"_s,
                        u"--socket"_s,     m_folder->filePath(u"s"_s),
                        u"--store"_s,      m_folder->filePath(u"store"_s),
                        u"--idle-exit"_s,  u"0"_s};
    if (!user.isEmpty())
        command = QStringList{u"/usr/bin/setpriv"_s, u"--reuid"_s,         user,   u"--regid"_s, user,
                              u"--init-groups"_s,    u"--inh-caps=-all"_s, u"--"_s} +
                  command;
    m_engine = std::make_unique<QProcess>();
    m_engine->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_engine->start(command.takeFirst(), command);
    QTRY_VERIFY_WITH_TIMEOUT(Reply(SocketClient(m_folder->filePath(u"s"_s)).Get("/v1/whoami")).status == 200,
                             20'000);
}

qint64 TestMountsKill::enginePid() const
{
    QFile lock(m_folder->filePath(u"store/lock"_s));
    return lock.open(QFile::ReadOnly) ? lock.readAll().trimmed().toLongLong() : 0;
}

QByteArray TestMountsKill::everythingStored() const
{
    QByteArray all;
    QDirIterator files(m_folder->filePath(u"store"_s), QDir::Files | QDir::Hidden | QDir::System,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile next(files.next());
        if (QFileInfo(next).isFile() && next.open(QFile::ReadOnly))
            all += next.readAll();
    }
    return all;
}

QString TestMountsKill::run(const QString &script, const QJsonArray &mounts)
{
    const Reply started = SocketClient(m_folder->filePath(u"s"_s))
                              .post("/v1/instances", {{u"image"_s, u"tag:busybox:latest"_s},
                                                      {u"command"_s, script},
                                                      {u"shell"_s, true},
                                                      {u"mounts"_s, mounts}});
    if (started.status != 201)
        qWarning("%s", started.body.c_str());
    return started.text(u"uuid"_s);
}

QJsonObject TestMountsKill::operation(const QString &uuid) const
{
    return Reply(SocketClient(m_folder->filePath(u"s"_s))
                     .Get("/v1/operations/" + uuid.toStdString() + "?inflight=1"))
        .json();
}

void TestMountsKill::nothingStaysButCaches_data()
{
    QTest::addColumn<QString>("user");
    QTest::newRow("root") << QString();
    QTest::newRow("ordinary user") << QString::fromLatin1(s_user);
}

void TestMountsKill::nothingStaysButCaches()
{
    QFETCH(QString, user);
    const passwd *account = user.isEmpty() ? nullptr : ::getpwnam(s_user);
    if (!user.isEmpty() && account == nullptr)
        QSKIP("there is no user cooperage-test here");
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/mk-XXXXXX"_s);
    QVERIFY(QFile::copy(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine"),
                        m_folder->filePath(u"cooperage-engine"_s)));
    if (account != nullptr)
        QCOMPARE(::chown(QFile::encodeName(m_folder->path()).constData(), account->pw_uid, account->pw_gid),
                 0);
    start(user);
    const QByteArray canary = "canary-" + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    const QJsonArray mounts{
        QJsonObject{{u"type"_s, u"bind"_s}, {u"target"_s, u"/in"_s}, {u"from"_s, u"tag:busybox:latest"_s}},
        QJsonObject{{u"type"_s, u"bind"_s},
                    {u"target"_s, u"/rw"_s},
                    {u"from"_s, u"tag:busybox:latest"_s},
                    {u"read_only"_s, false}},
        QJsonObject{{u"type"_s, u"cache"_s},
                    {u"target"_s, u"/cache"_s},
                    {u"id"_s, u"c"_s},
                    {u"sharing"_s, u"locked"_s}},
        QJsonObject{{u"type"_s, u"tmpfs"_s}, {u"target"_s, u"/tmp"_s}},
        QJsonObject{{u"type"_s, u"file"_s},
                    {u"target"_s, u"/run/secrets/x"_s},
                    {u"content"_s, QString::fromLatin1(canary.toBase64())}}};
    const QString script =
        u"set -e; ls /in/bin/sh >/dev/null; touch /rw/new; echo kept >>/cache/n; touch /tmp/t;"
        "test -s /run/secrets/x; wc -l </cache/n;"_s;
    const QString killed = run(script + u"sleep 1000"_s, mounts);
    QTRY_VERIFY_WITH_TIMEOUT(outputOf(operation(killed)).contains(u"1\n"_s), 20'000);
    ::kill(static_cast<pid_t>(enginePid()), SIGKILL);
    QVERIFY(m_engine->waitForFinished(10'000));
    QVERIFY(!everythingStored().contains(canary) && !everythingStored().contains(canary.toBase64()));

    start(user);
    QCOMPARE(statusOf(operation(killed)), u"FAILED"_s);
    const QString again = run(script, mounts);
    QTRY_VERIFY_WITH_TIMEOUT(statusOf(operation(again)) == u"SUCCESS"_s, 20'000);
    QCOMPARE(outputOf(operation(again)), u"2\n"_s);
    QFile seen(u"/proc/%1/mountinfo"_s.arg(enginePid()));
    QVERIFY(seen.open(QFile::ReadOnly));
    QVERIFY(!seen.readAll().contains("/mounts/"));
    ::kill(static_cast<pid_t>(enginePid()), SIGTERM);
    QVERIFY(m_engine->waitForFinished(20'000));
    QProcess::execute(u"rm"_s, {u"-rf"_s, m_folder->path()});
}

QTEST_GUILESS_MAIN(TestMountsKill)
#include "tst_mountskill.moc"
