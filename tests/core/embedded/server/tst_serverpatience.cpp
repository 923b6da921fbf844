#include "tests/core/embedded/server/serverfixture.h"
#include "tests/support/processes.h"

#include <QElapsedTimer>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using namespace std::chrono_literals;

namespace {

/// A client without manners, over the Unix socket.
class RawClient
{
public:
    explicit RawClient(const QString &path) : m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, QFile::encodeName(path).constData(), sizeof address.sun_path);
        m_connected = ::connect(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(m_fd); }
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    [[nodiscard]] bool connected() const { return m_connected; }
    bool send(const QByteArray &bytes) const
    {
        return ::send(m_fd, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL) ==
               bytes.size();
    }
    /// Whether the server ends the connection within that time; what it says is not taken.
    [[nodiscard]] bool isHungUpWithin(std::chrono::milliseconds time) const
    {
        pollfd what{m_fd, POLLRDHUP, 0};
        return ::poll(&what, 1, static_cast<int>(time.count())) > 0;
    }
    /// All that comes until the end.
    [[nodiscard]] QByteArray read() const
    {
        QByteArray all;
        char piece[4096];
        for (ssize_t got = ::recv(m_fd, piece, sizeof piece, 0); got > 0;
             got = ::recv(m_fd, piece, sizeof piece, 0))
            all.append(piece, got);
        return all;
    }

private:
    int m_fd;
    bool m_connected = false;
};

} // namespace

/// Slow, silent and impolite clients.
class TestServerPatience : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_fixture->stop();
        m_fixture->start([](ServerOptions &options) { options.patience = 400ms; });
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aHeadThatTricklesIsDropped();
    void aBodyThatStallsIsDropped();
    void aBodyThatTricklesIsDropped();
    void aSlowUploadGoesOn();
    void aReaderThatStallsIsDropped();
    void headsHaveLimits_data();
    void headsHaveLimits();
    void refusalsArriveDespiteABody();
    void whatFollowsABrokenHeadIsNotARequest();

private:
    std::unique_ptr<ServerFixture> m_fixture;
};

static constexpr auto longerThanPatience = 5s;

void TestServerPatience::aHeadThatTricklesIsDropped()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.connected());
    const QByteArray head = "GET /v1/whoami HTTP/1.1\r\nX-Slow: " + QByteArray(1000, 's');
    QElapsedTimer timer;
    timer.start();
    qsizetype sent = 0;
    // Each byte comes well within the patience; all together do not.
    while (sent < head.size() && !client.isHungUpWithin(20ms) && client.send(head.mid(sent, 1)))
        ++sent;
    QVERIFY(sent < 500);
    QVERIFY(timer.elapsed() >= 350);
}

void TestServerPatience::aBodyThatStallsIsDropped()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.send("POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"));
    QVERIFY(client.isHungUpWithin(longerThanPatience));
    const QByteArray reply = client.read();
    QVERIFY2(reply.isEmpty() || reply.startsWith("HTTP/1.1 400"), reply.constData());
    QCOMPARE(Reply(m_fixture->client().Get("/v1/files")).json().value(u"files"_s).toArray().size(), 0);
}

void TestServerPatience::aBodyThatTricklesIsDropped()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.send("POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"));
    int sent = 0;
    while (sent < 1000 && !client.isHungUpWithin(20ms) && client.send("x"))
        ++sent;
    QVERIFY(sent < 500);
}

void TestServerPatience::aSlowUploadGoesOn()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.send(
        "POST /v1/files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 16384\r\n\r\n"));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 8; ++i) {
        QVERIFY(!client.isHungUpWithin(100ms));
        QVERIFY(client.send(QByteArray(2048, 'u')));
    }
    QVERIFY(timer.elapsed() > 600); // Longer than the patience altogether.
    const QByteArray reply = client.read();
    QVERIFY2(reply.startsWith("HTTP/1.1 201") && reply.contains("\"size\":16384"), reply.constData());
}

void TestServerPatience::aReaderThatStallsIsDropped()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.send("GET /v1/inspect/" + m_fixture->busybox().toLatin1() +
                        "/archive?path=/bin HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(client.isHungUpWithin(longerThanPatience));
    // Cut short: the last chunk is missing.
    QVERIFY(!client.read().endsWith("0\r\n\r\n"));
}

void TestServerPatience::headsHaveLimits_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("status");
    const QByteArray get = "GET /v1/whoami HTTP/1.1\r\nHost: x\r\n";
    QByteArray many;
    for (int i = 0; i < 95; ++i)
        many += "X-" + QByteArray::number(i) + ": " + QByteArray(1000, 'm') + "\r\n";
    QTest::newRow("long line") << get + "X-Long: " + QByteArray(9000, 'l') + "\r\n" << 431;
    QTest::newRow("endless line") << get + "X-Long: " + QByteArray(200'000, 'l') + "\r\n" << 431;
    QTest::newRow("many lines") << get + many << 431;
    QTest::newRow("long query") << "GET /v1/images?tag=" + QByteArray(8190, 'q') + " HTTP/1.1\r\n" << 414;
    QTest::newRow("no HTTP") << QByteArray("hello\r\n") << 400;
    QTest::newRow("unknown method") << QByteArray("BREW /v1/images HTTP/1.1\r\nHost: x\r\n") << 400;
    QTest::newRow("TRACE") << QByteArray("TRACE /v1/images HTTP/1.1\r\nHost: x\r\n") << 405;
    QTest::newRow("two lengths") << QByteArray("POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                                               "Transfer-Encoding: chunked\r\n")
                                 << 400;
    QTest::newRow("body of a GET") << get + "Content-Length: 99999999\r\n" << 413;
}

void TestServerPatience::headsHaveLimits()
{
    QFETCH(QByteArray, head);
    QFETCH(int, status);
    RawClient client(m_fixture->socket());
    (void)client.send(head + "Connection: close\r\n\r\n"); // It may be cut off before it has said it all.
    const QByteArray reply = client.read();
    QVERIFY2(reply.startsWith("HTTP/1.1 " + QByteArray::number(status)), reply.constData());
    const QJsonObject error = QJsonDocument::fromJson(reply.mid(reply.indexOf("\r\n\r\n") + 4)).object();
    QCOMPARE(error.value(u"status"_s).toInt(), status);
    QVERIFY(!error.value(u"error"_s).toString().isEmpty());
    QCOMPARE(error.size(), 2);
}

void TestServerPatience::refusalsArriveDespiteABody()
{
    const int port = freePort();
    m_fixture->stop();
    m_fixture->start([&](ServerOptions &options) {
        options.listenHost = u"127.0.0.1"_s;
        options.listenPort = port;
        options.token = "t";
    });
    for (int i = 0; i < 20; ++i) {
        httplib::Client client("127.0.0.1", port);
        const Reply refused = client.Post("/v1/files", std::string(300'000, 'x'), "application/octet-stream");
        QCOMPARE(refused.status, 401);
        QCOMPARE(refused.json().value(u"status"_s).toInt(), 401);
    }
}

void TestServerPatience::whatFollowsABrokenHeadIsNotARequest()
{
    RawClient client(m_fixture->socket());
    QVERIFY(client.send("GET /v1/images HTTP/1.1\r\nContent-Length: 80000\r\n\r\n"
                        "DELETE /v1/images/x/tag HTTP/1.1\r\nHost: x\r\n\r\n"));
    const QByteArray reply = client.read();
    QCOMPARE(reply.count("HTTP/1.1 "), 1);
}

QTEST_GUILESS_MAIN(TestServerPatience)
#include "tst_serverpatience.moc"
