#include "core/context/gitrepository.h"
#include "tests/support/processes.h"

#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

// git keeps secrets, asks nobody, and ends when it shall.
class TestGitProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(u"git"_s).isEmpty())
            QSKIP("git is not installed");
    }
    void passwordsAreNeverTold();
    void nobodyIsAsked();
    void canBeStopped();
};

void TestGitProgram::passwordsAreNeverTold()
{
    // A git in front of the real one that writes down how it is called.
    const QTemporaryDir folder;
    const QString log = folder.filePath(u"log"_s);
    QFile script(folder.filePath(u"git"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho \"$@\" >> " + log.toUtf8() + "\nPATH=$REAL_PATH exec git \"$@\"\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const QByteArray path = qgetenv("PATH");
    qputenv("REAL_PATH", path);
    qputenv("PATH", folder.path().toUtf8() + ':' + path);
    const auto commit =
        resolveGitCommit(*parseGitSource(u"http://me:s3cret@127.0.0.1:%1/x.git"_s.arg(test::freePort())), {});
    qputenv("PATH", path);
    QVERIFY(!commit);
    QVERIFY2(!commit.error().text().contains(u"s3cret"_s), qPrintable(commit.error().text()));
    QVERIFY(commit.error().text().contains(u"127.0.0.1"_s));
    QFile called(log);
    QVERIFY(called.open(QIODevice::ReadOnly));
    const QByteArray arguments = called.readAll();
    QVERIFY(arguments.contains("ls-remote"));
    QVERIFY(!arguments.contains("s3cret"));
}

namespace {

/// The outcome of resolveGitCommit on a thread of its own, as the servers below live on this one.
class Resolving
{
public:
    explicit Resolving(const GitSource &source)
        : m_thread([this, source](std::stop_token stop) {
              m_result = resolveGitCommit(source, std::move(stop));
              m_done = true;
          })
    {
    }
    [[nodiscard]] bool isDone() const { return m_done; }
    void stop() { m_thread.request_stop(); }
    [[nodiscard]] const Result<QString> &result() const { return m_result; }

private:
    Result<QString> m_result;
    std::atomic_bool m_done = false;
    std::jthread m_thread;
};

} // namespace

void TestGitProgram::nobodyIsAsked()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, &server, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->write("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                          "Content-Length: 0\r\nConnection: close\r\n\r\n");
            socket->disconnectFromHost();
        });
    });
    Resolving resolving(*parseGitSource(u"http://127.0.0.1:%1/x.git"_s.arg(server.serverPort())));
    QTRY_VERIFY_WITH_TIMEOUT(resolving.isDone(), 20'000);
    QVERIFY(!resolving.result());
    QVERIFY2(resolving.result().error().text().contains(u"terminal prompts disabled"_s),
             qPrintable(resolving.result().error().text()));
}

void TestGitProgram::canBeStopped()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Resolving resolving(*parseGitSource(u"git://127.0.0.1:%1/x"_s.arg(silent.serverPort())));
    QTRY_VERIFY_WITH_TIMEOUT(silent.hasPendingConnections(), 20'000);
    QVERIFY(!resolving.isDone());
    QTcpSocket *socket = silent.nextPendingConnection();
    resolving.stop();
    QTRY_VERIFY_WITH_TIMEOUT(resolving.isDone(), 10'000);
    QCOMPARE(resolving.result().error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState); // git is gone, too.
}

QTEST_GUILESS_MAIN(TestGitProgram)
#include "tst_gitprogram.moc"
