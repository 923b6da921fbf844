#include "core/embedded/server/loopback.h"
#include "tests/core/embedded/server/serverfixture.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLocalSocket>

#include <sys/stat.h>
#include <sys/un.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Sockets, ports, and the server's beginning and end.
class TestServerListeners : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void cleanup()
    {
        m_fixture->stop();
        m_fixture->start(
            [](ServerOptions &options) { options = ServerOptions{.socketPath = options.socketPath}; });
    }

    void loopbackNamesAreKnown_data();
    void loopbackNamesAreKnown();
    void socketAndFolderArePrivate();
    void staleSocketIsReplacedAndALiveOneIsNot();
    void somebodysFolderIsLeftAlone();
    void portWantsTokenAndLoopbackName();
    void localPathsNeedTheSocket();
    void onlyLoopbackIsListenedOn();
    void withoutExtensionsItIsPlainV1();
    void stallingClientsHinderNobody();
    void manyClientsAtOnce();
    void aConnectionServesManyRequests();
    void brokenRequestsAreAnswered();

private:
    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerListeners::loopbackNamesAreKnown_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("loopback");
    for (const char *host :
         {"localhost", "LocalHost:80", "127.0.0.1", "127.1.2.3:65535", "[::1]", "[::1]:8080"})
        QTest::newRow(host) << QByteArray(host) << true;
    for (const char *host :
         {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80x", "[::2]",
          "0.0.0.0", "10.0.0.1:80", "localhost:123456", "[::1]x"})
        QTest::newRow(*host ? host : "nothing") << QByteArray(host) << false;
}

void TestServerListeners::loopbackNamesAreKnown()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, loopback);
    QCOMPARE(isLoopbackHost(host.toStdString()), loopback);
}

void TestServerListeners::socketAndFolderArePrivate()
{
    struct stat info{};
    QCOMPARE(::stat(QFile::encodeName(m_fixture->socket()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0600U);
    QCOMPARE(::stat(QFile::encodeName(QFileInfo(m_fixture->socket()).path()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0700U);
}

void TestServerListeners::staleSocketIsReplacedAndALiveOneIsNot()
{
    Server second(m_fixture->store(), failure(ErrorKind::Unsupported, u"none"_s),
                  {.socketPath = m_fixture->socket()});
    const Result<> refused = second.serve();
    QVERIFY(!refused);
    QCOMPARE(Reply(m_fixture->client().Get("/v1/whoami")).status, 200);
    m_fixture->stop();
    QVERIFY(!QFile::exists(m_fixture->socket()));
    // What a killed engine leaves: a socket that nobody serves.
    const int left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, QFile::encodeName(m_fixture->socket()).constData(), sizeof address.sun_path);
    QCOMPARE(::bind(left, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    ::close(left);
    m_fixture->start();
    QCOMPARE(Reply(m_fixture->client().Get("/v1/whoami")).status, 200);
}

void TestServerListeners::somebodysFolderIsLeftAlone()
{
    const QString folder = m_fixture->folder() + u"/shared"_s;
    QVERIFY(QDir().mkpath(folder + u"/content"_s));
    QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0755), 0);
    Server server(m_fixture->store(), failure(ErrorKind::Unsupported, u"none"_s),
                  {.socketPath = folder + u"/engine.sock"_s});
    const Result<> refused = server.serve();
    QVERIFY(!refused);
    QVERIFY(!refused.error().next.isEmpty());
    struct stat info{};
    QCOMPARE(::stat(QFile::encodeName(folder).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0755U);
}

void TestServerListeners::portWantsTokenAndLoopbackName()
{
    const int port = freePort();
    m_fixture->stop();
    m_fixture->start([&](ServerOptions &options) {
        options.listenHost = u"127.0.0.1"_s;
        options.listenPort = port;
        options.token = "secret-token";
    });
    httplib::Client client("127.0.0.1", port);
    const auto status = [&](const httplib::Headers &headers) {
        const Reply reply = client.Get("/v1/whoami", headers);
        return reply.json().isEmpty() ? -1 : reply.status;
    };
    QCOMPARE(status({}), 401);
    QCOMPARE(status({{"Authorization", "Bearer wrong-token!"}}), 401);
    QCOMPARE(status({{"Authorization", "Bearer secret-token2"}}), 401);
    QCOMPARE(status({{"Authorization", "secret-token"}}), 401);
    QCOMPARE(status({{"Authorization", "Bearer secret-token"}}), 200);
    QCOMPARE(status({{"Authorization", "Bearer secret-token"}, {"Host", "evil.example"}}), 403);
    QCOMPARE(status({{"Authorization", "Bearer secret-token"}, {"Host", "localhost:1"}}), 200);
    QCOMPARE(Reply(m_fixture->client().Get("/v1/whoami")).status, 200);
}

void TestServerListeners::localPathsNeedTheSocket()
{
    const int port = freePort();
    m_fixture->stop();
    m_fixture->start([&](ServerOptions &options) {
        options.listenHost = u"localhost"_s;
        options.listenPort = port;
        options.token = "t";
    });
    httplib::Client client("localhost", port);
    client.set_bearer_token_auth("t");
    QVERIFY(
        !Reply(client.Get("/v1/whoami")).json().value(u"extensions"_s).toArray().contains(u"local-files"_s));
    QCOMPARE(Reply(client.Post("/v1/commits",
                               R"({"entries":[{"type":"file","path":"/x","local":"/etc/hostname"}]})", ""))
                 .status,
             403);
    QCOMPARE(Reply(client.Post("/v1/images/import", R"({"archive":{"path":"/etc/hostname"}})", "")).status,
             403);
}

void TestServerListeners::onlyLoopbackIsListenedOn()
{
    const QString socket = m_fixture->folder() + u"/other/engine.sock"_s;
    for (const auto &[host, token] : {std::pair(u"0.0.0.0"_s, "t"), std::pair(u"127.0.0.1"_s, "")}) {
        Server server(m_fixture->store(), failure(ErrorKind::Unsupported, u"none"_s),
                      {.socketPath = socket, .listenHost = host, .listenPort = freePort(), .token = token});
        QVERIFY(!server.serve());
    }
}

void TestServerListeners::withoutExtensionsItIsPlainV1()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = false; });
    QVERIFY(!Reply(m_fixture->client().Get("/v1/whoami")).json().contains(u"extensions"_s));
    QCOMPARE(m_fixture->client().post("/v1/commits", {}).status, 404);
}

void TestServerListeners::stallingClientsHinderNobody()
{
    std::vector<std::unique_ptr<QLocalSocket>> stalling;
    for (int i = 0; i < 100; ++i) {
        auto socket = std::make_unique<QLocalSocket>();
        socket->connectToServer(m_fixture->socket());
        QVERIFY(socket->waitForConnected());
        socket->write("POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
        QVERIFY(socket->waitForBytesWritten());
        stalling.push_back(std::move(socket));
    }
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(Reply(m_fixture->client().Get("/v1/whoami")).status, 200);
    QVERIFY(timer.elapsed() < 3000);
    stalling.clear();
    QCOMPARE(Reply(m_fixture->client().Get("/v1/files")).json().value(u"files"_s).toArray().size(), 0);
}

void TestServerListeners::manyClientsAtOnce()
{
    constexpr int count = 64;
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    const std::string image = m_fixture->busybox().toStdString();
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&] {
            SocketClient client = m_fixture->client();
            for (const std::string path : {"/v1/whoami", "/v1/images", "/v1/operations"})
                good += Reply(client.Get(path)).status == 200 ? 1 : 0;
            good += Reply(client.Get("/v1/inspect/" + image + "/list?path=/bin")).status == 200 ? 1 : 0;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(good.load(), 4 * count);
}

void TestServerListeners::aConnectionServesManyRequests()
{
    SocketClient client = m_fixture->client();
    client.set_keep_alive(true);
    for (int i = 0; i < 50; ++i) {
        QCOMPARE(Reply(client.Post("/v1/nothing", std::string(5000, 'x'), "text/plain")).status, 404);
        QCOMPARE(Reply(client.Get("/v1/whoami")).status, 200);
    }
}

void TestServerListeners::brokenRequestsAreAnswered()
{
    for (const char *request : {"nonsense\r\n\r\n", "GET /v1/whoami HTTP/9.9\r\n\r\n",
                                "GET /v1/images HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"}) {
        QLocalSocket socket;
        socket.connectToServer(m_fixture->socket());
        QVERIFY(socket.waitForConnected());
        socket.write(request);
        QTRY_VERIFY(socket.bytesAvailable() > 0);
        const QByteArray reply = socket.readAll();
        QVERIFY2(reply.startsWith("HTTP/1.1 4") && reply.contains("\"error\""), reply.constData());
    }
    QCOMPARE(Reply(m_fixture->client().Get("/v1/whoami")).status, 200);
}

QTEST_GUILESS_MAIN(TestServerListeners)
#include "tst_serverlisteners.moc"
