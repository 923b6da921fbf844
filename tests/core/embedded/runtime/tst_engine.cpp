#include "core/embedded/runtime/idmaps.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstring>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage::embedded;

static const char s_user[] = "cooperage-test"; // Made by the build root, with subordinate ids.

namespace {
// One HTTP exchange over a Unix socket; the body of the reply, or nothing.
QByteArray request(const QString &socketPath, const QByteArray &method, const QByteArray &path,
                   const QByteArray &body = {})
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, QFile::encodeName(socketPath).constData(), sizeof address.sun_path - 1);
    QByteArray reply;
    if (::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) {
        const QByteArray text =
            method + ' ' + path + " HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Length: " +
            QByteArray::number(body.size()) + "\r\nContent-Type: application/json\r\n\r\n" + body;
        ssize_t got = ::write(fd, text.constData(), static_cast<size_t>(text.size()));
        char piece[4096];
        while (got > 0 && (got = ::read(fd, piece, sizeof piece)) > 0)
            reply.append(piece, got);
    }
    ::close(fd);
    return reply.mid(reply.indexOf("\r\n\r\n") + 4);
}
} // namespace

class TestEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_program = QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine");
        if (!QFile::exists(m_program))
            QSKIP("whole program: cooperage-engine is not built");
        if (::geteuid() != 0)
            QSKIP("whole program: becoming root and another user needs root");
    }
    void versionAndHelpNeedNoNamespace();
    void wrongWordsAreExplained_data();
    void wrongWordsAreExplained();
    void servesUntilTold_data();
    void servesUntilTold();
    void missingSubordinateIdsAreExplained();
    void subordinateIdLinesAreRead();

private:
    static QStringList onlyRunc(const QString &folder);
    static void furtherProcessRuns(const QString &socket);
    QStringList asUser(const QStringList &command) const
    {
        return QStringList{u"--reuid"_s, QString::fromLatin1(s_user), u"--regid"_s,
                           QString::fromLatin1(s_user), u"--init-groups"_s} +
               command;
    }
    QString m_program;
};

void TestEngine::versionAndHelpNeedNoNamespace()
{
    for (const QString &option : {u"--version"_s, u"--help"_s}) {
        QProcess engine;
        engine.start(m_program, {option});
        QVERIFY(engine.waitForFinished());
        QCOMPARE(engine.exitCode(), 0);
        QVERIFY(engine.readAllStandardOutput().contains("cooperage-engine"));
    }
}

void TestEngine::wrongWordsAreExplained_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("nothing") << QStringList{} << QByteArray("serve");
    QTest::newRow("no socket") << QStringList{u"serve"_s} << QByteArray("--socket");
    QTest::newRow("no token") << QStringList{u"serve"_s, u"--socket"_s, u"s"_s,          u"--store"_s,
                                             u"d"_s,     u"--listen"_s, u"localhost:1"_s}
                              << QByteArray("--token-file");
    QTest::newRow("bad port") << QStringList{u"serve"_s, u"--socket"_s, u"s"_s,  u"--store"_s,
                                             u"d"_s,     u"--listen"_s, u"x:y"_s}
                              << QByteArray("HOST:PORT");
    QTest::newRow("bad idle") << QStringList{u"serve"_s, u"--socket"_s,    u"s"_s,   u"--store"_s,
                                             u"d"_s,     u"--idle-exit"_s, u"soon"_s}
                              << QByteArray("--idle-exit");
}

void TestEngine::wrongWordsAreExplained()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, said);
    QProcess engine;
    engine.start(m_program, words);
    QVERIFY(engine.waitForFinished());
    QCOMPARE(engine.exitCode(), 1);
    const QByteArray text = engine.readAllStandardError();
    QVERIFY2(text.contains(said), text.constData());
}

void TestEngine::servesUntilTold_data()
{
    QTest::addColumn<bool>("ordinary");
    QTest::addColumn<bool>("withRunc");
    QTest::newRow("root") << false << false;
    QTest::newRow("root, runc") << false << true;
    QTest::newRow("ordinary user") << true << false;
    QTest::newRow("ordinary user, runc") << true << true;
}

void TestEngine::servesUntilTold()
{
    QFETCH(bool, ordinary);
    QFETCH(bool, withRunc);
    QTemporaryDir folder(QDir::tempPath() + u"/ce-XXXXXX"_s);
    const QString program = folder.filePath(u"engine"_s); // Where the other user can read it.
    QVERIFY(QFile::copy(m_program, program));
    const QStringList prefix = withRunc ? onlyRunc(folder.path()) : QStringList();
    if (withRunc && prefix.isEmpty())
        QSKIP("runc is not installed");
    if (ordinary) {
        const passwd *user = ::getpwnam(s_user);
        if (user == nullptr)
            QSKIP("this machine has no user cooperage-test");
        QCOMPARE(::chown(QFile::encodeName(folder.path()).constData(), user->pw_uid, user->pw_gid), 0);
    }
    const QString socket = folder.filePath(u"run/engine.sock"_s);
    const QStringList serve{
        u"serve"_s,       u"--socket"_s, socket, u"--store"_s, folder.filePath(u"store"_s),
        u"--idle-exit"_s, u"0"_s};
    QProcess engine;
    engine.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    if (ordinary)
        engine.start(u"setpriv"_s, asUser(prefix + QStringList{program} + serve));
    else
        engine.start(u"env"_s, prefix.mid(1) + QStringList{program} + serve);
    QVERIFY(engine.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(request(socket, "GET", "/v1/whoami").contains("permissions") ||
                                 engine.state() == QProcess::NotRunning,
                             30'000);
    QCOMPARE(engine.state(), QProcess::Running);
    QFile pid(folder.filePath(u"run/engine.pid"_s));
    QVERIFY(pid.open(QFile::ReadOnly));
    QCOMPARE(pid.readAll().trimmed(), QByteArray::number(engine.processId()));

    const QByteArray started = request(
        socket, "POST", "/v1/instances",
        R"({"image":"tag:busybox:latest","shell":true,)"
        R"("command":"touch /f && chown 33:1000 /f && su -s /bin/sh -c 'id -u' nobody && stat -c %u:%g /f"})");
    const QByteArray operation =
        QJsonDocument::fromJson(started).object().value(u"uuid"_s).toString().toLatin1();
    QVERIFY2(!operation.isEmpty(), started.constData());
    QByteArray state;
    QTRY_VERIFY_WITH_TIMEOUT(
        (state = request(socket, "GET", "/v1/operations/" + operation)).contains("SUCCESS") ||
            state.contains("FAILED"),
        30'000);
    QVERIFY2(state.contains("65534\\n33:1000\\n"), state.constData());

    const QByteArray events = request(socket, "GET", "/v1/operations/" + operation + "/events");
    QVERIFY2(!withRunc || events.contains("/runc\""), events.constData());
    furtherProcessRuns(socket);
    QVERIFY(::kill(pid_t(engine.processId()), SIGTERM) == 0);
    QVERIFY(engine.waitForFinished());
    QCOMPARE(engine.exitCode(), 0);
    QVERIFY(!pid.exists());
    QProcess remove; // Files of subordinate ids are not the user's to delete from outside.
    remove.start(u"rm"_s, {u"-rf"_s, folder.filePath(u"store"_s)});
    QVERIFY(remove.waitForFinished());
}

// Words before a command, for which runc is then the only runtime; none where it is not installed.
QStringList TestEngine::onlyRunc(const QString &folder)
{
    const QString programs = folder + u"/programs"_s;
    if (!QDir().mkpath(programs))
        return {};
    for (const QString &name : {u"newuidmap"_s, u"newgidmap"_s, u"getsubids"_s, u"runc"_s}) {
        const QString found = QStandardPaths::findExecutable(name);
        if (!found.isEmpty())
            QFile::link(found, programs + u'/' + name);
        else if (name == u"runc"_s)
            return {};
    }
    return {u"env"_s, u"PATH="_s + programs};
}

// As another user than the main process, in the same container.
void TestEngine::furtherProcessRuns(const QString &socket)
{
    const QByteArray started = request(socket, "POST", "/v1/instances",
                                       R"({"image":"tag:busybox:latest","command":"sleep","args":["1000"]})");
    const QByteArray processes =
        "/v1/operations/" + QJsonDocument::fromJson(started).object().value(u"uuid"_s).toString().toLatin1() +
        "/subprocesses";
    QByteArray reply;
    const auto isStarted = [&] {
        reply = request(socket, "POST", processes,
                        R"({"command":"id -u; grep CapEff /proc/self/status; echo x > /dev/stdout",)"
                        R"("shell":true,"uid":65534,"gid":65534})");
        return !reply.contains("not ready");
    };
    QVERIFY(QTest::qWaitFor(isStarted, 30'000));
    QCOMPARE(reply, QByteArray(R"({"spid":2})"));
    QTRY_VERIFY_WITH_TIMEOUT((reply = request(socket, "GET", processes + "/2")).contains("\"exit_code\":0"),
                             30'000);
    QVERIFY2(reply.contains("65534\\nCapEff:\\t0000000000000000\\nx\\n"), reply.constData());
}

void TestEngine::missingSubordinateIdsAreExplained()
{
    QTemporaryDir folder(QDir::tempPath() + u"/ce-XXXXXX"_s);
    QCOMPARE(::chmod(QFile::encodeName(folder.path()).constData(), 0755), 0);
    const QString program = folder.filePath(u"engine"_s);
    QVERIFY(QFile::copy(m_program, program));
    QProcess engine;
    engine.start(u"setpriv"_s, {u"--reuid"_s, u"54321"_s, u"--regid"_s, u"54321"_s, u"--clear-groups"_s,
                                program, u"serve"_s, u"--socket"_s, u"s"_s, u"--store"_s, u"d"_s});
    QVERIFY(engine.waitForFinished());
    QCOMPARE(engine.exitCode(), 1);
    const QByteArray text = engine.readAllStandardError();
    QVERIFY2(text.contains("/etc/subuid") && text.contains("usermod --add-subuids"), text.constData());
}

void TestEngine::subordinateIdLinesAreRead()
{
    const char text[] =
        "ann:100000:65536\n# "
        "bob:1:2\nbob:200000:65536\nann:500000:1000\n1000:700000:5\nann:x:y\nann:1:0\nbroken\n";
    QCOMPARE(idRanges(text, "ann", 1000),
             (std::vector<IdRange>{{100000, 65536}, {500000, 1000}, {700000, 5}}));
    QCOMPARE(idRanges(text, "eve", 4), std::vector<IdRange>{});
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
