#include "tests/core/embedded/server/serverfixture.h"
#include "tests/support/processes.h"

#include <QElapsedTimer>
#include <QLocalSocket>
#include <QTcpSocket>
#include <QTemporaryFile>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// How a server ends.
class TestServerEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void stoppingDoesNotWaitForStallingClients();
    void stopCancelsOperations();
    void idleServerEnds();

private:
    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerEnd::stoppingDoesNotWaitForStallingClients()
{
    const int port = freePort();
    m_fixture->stop();
    m_fixture->start([&](ServerOptions &options) {
        options.listenHost = u"127.0.0.1"_s;
        options.listenPort = port;
        options.token = "t";
    });
    // Nothing, half a request line, half a body, and a reply (a large file) that nobody reads.
    QTemporaryFile file;
    QVERIFY(file.open() && file.resize(64 * 1024 * 1024));
    const QJsonObject entry{{u"type"_s, u"file"_s}, {u"path"_s, u"/big"_s}, {u"local"_s, file.fileName()}};
    const Reply made = m_fixture->client().post(
        "/v1/commits", {{u"image"_s, QJsonValue::Null}, {u"entries"_s, QJsonArray{entry}}});
    QCOMPARE(made.status, 201);
    const QByteArray big = "GET /v1/inspect/" + made.text(u"uuid"_s).toLatin1() + "/download?path=/big";
    std::vector<std::unique_ptr<QLocalSocket>> stalling;
    std::vector<std::unique_ptr<QTcpSocket>> stallingRemotes;
    for (const QByteArray &said :
         {QByteArray(), QByteArray("GET /v1/who"),
          QByteArray("POST /v1/files HTTP/1.1\r\nAuthorization: Bearer t\r\nHost: localhost\r\n"
                     "Content-Length: 100\r\n\r\nhalf"),
          big + " HTTP/1.1\r\nAuthorization: Bearer t\r\nHost: localhost\r\n\r\n"}) {
        auto socket = std::make_unique<QLocalSocket>();
        socket->setReadBufferSize(1000);
        socket->connectToServer(m_fixture->socket());
        QVERIFY(socket->waitForConnected());
        auto remote = std::make_unique<QTcpSocket>();
        remote->setReadBufferSize(1000);
        remote->connectToHost(u"127.0.0.1"_s, static_cast<quint16>(port));
        QVERIFY(remote->waitForConnected());
        socket->write(said);
        remote->write(said);
        QVERIFY(said.isEmpty() || (socket->waitForBytesWritten() && remote->waitForBytesWritten()));
        if (said.startsWith(big))
            QVERIFY(socket->waitForReadyRead() && remote->waitForReadyRead());
        stalling.push_back(std::move(socket));
        stallingRemotes.push_back(std::move(remote));
    }
    QElapsedTimer timer;
    timer.start();
    m_fixture->stop();
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    qInfo("stopped in %lld ms", timer.elapsed());
    m_fixture->start([&](ServerOptions &options) { options.listenPort = 0; });
}

void TestServerEnd::stopCancelsOperations()
{
    const QString uuid = m_fixture->client()
                             .post("/v1/instances", {{u"command"_s, u"sleep 1000"_s},
                                                     {u"shell"_s, true},
                                                     {u"timeout"_s, 600},
                                                     {u"image"_s, m_fixture->busybox()}})
                             .text(u"uuid"_s);
    QTRY_COMPARE(Reply(m_fixture->client().Get("/v1/operations?status=EXECUTING")).array().size(), 1);
    QElapsedTimer timer;
    timer.start();
    m_fixture->stop();
    QVERIFY(timer.elapsed() < 20'000);
    QVERIFY(m_fixture->result().has_value());
    QVERIFY(!QFile::exists(m_fixture->socket()));
    m_fixture->start();
    QCOMPARE(statusOf(m_fixture->waitFor(uuid)), u"CANCELLED"_s);
}

void TestServerEnd::idleServerEnds()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.idleExit = std::chrono::seconds(1); });
    // A running operation keeps it.
    const QJsonObject run = m_fixture->shell(u"sleep 3"_s);
    QCOMPARE(stateOf(run).value(u"exit_code"_s).toInt(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->ended(), 20'000);
    QVERIFY(m_fixture->result().has_value());
}

QTEST_GUILESS_MAIN(TestServerEnd)
#include "tst_serverend.moc"
