#include "core/engine/contree/transport.h"
#include "tests/core/engine/loopback.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeRetryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksAgainAfterPassingFaults();
    void waitsAsLongAsItIsTold();
    void givesUpAtLast();
    void repeatsNoPost_data();
    void repeatsNoPost();
    void neverSendsAPostTwiceByItself();
    void noticesCutBodies();
};

/// A server below HTTP: closes each connection after the request's head, having written `answer`.
class RawServer
{
public:
    explicit RawServer(QByteArray answer) : m_answer(std::move(answer))
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                if (!socket->peek(65536).contains("\r\n\r\n"))
                    return;
                ++requests;
                socket->readAll();
                socket->write(m_answer);
                socket->disconnectFromHost();
            });
        });
    }
    [[nodiscard]] Endpoint endpoint() const
    {
        Endpoint endpoint;
        endpoint.baseUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()));
        endpoint.retry = {.attempts = 3, .firstDelay = 1ms, .longestDelay = 5ms};
        return endpoint;
    }
    int requests = 0;

private:
    QTcpServer m_server;
    QByteArray m_answer;
};

void ContreeRetryTest::asksAgainAfterPassingFaults()
{
    test::Loopback loopback;
    std::atomic<int> count = 0;
    loopback.server.Get("/v1/operations", [&](const httplib::Request &, httplib::Response &response) {
        const int status[] = {500, 429, 200};
        test::json(response, "[]", status[count++]);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QVERIFY(QCoro::waitFor(engine.operations(5)));
    QCOMPARE(loopback.requests().size(), 3);
}

void ContreeRetryTest::waitsAsLongAsItIsTold()
{
    test::Loopback loopback;
    std::atomic<int> count = 0;
    loopback.server.Get("/v1/operations", [&](const httplib::Request &, httplib::Response &response) {
        response.set_header("Retry-After", "0.4");
        test::json(response, "[]", count++ == 0 ? 503 : 200);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(QCoro::waitFor(engine.operations(5)));
    QVERIFY2(timer.elapsed() >= 390, qPrintable(QString::number(timer.elapsed())));
}

void ContreeRetryTest::givesUpAtLast()
{
    test::Loopback loopback;
    loopback.server.Get("/v1/operations", [](const httplib::Request &, httplib::Response &response) {
        test::json(response, R"({"error":"out of order"})", 503);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto result = QCoro::waitFor(engine.operations(5));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    QCOMPARE(result.error().what, u"out of order"_s);
    QCOMPARE(loopback.requests().size(), 4);
}

void ContreeRetryTest::repeatsNoPost_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("requests");
    QTest::newRow("500") << 500 << 1;
    QTest::newRow("503") << 503 << 1;
    QTest::newRow("425") << 425 << 4;
    QTest::newRow("429") << 429 << 4;
}

void ContreeRetryTest::repeatsNoPost()
{
    QFETCH(const int, status);
    test::Loopback loopback;
    loopback.server.Post("/v1/instances", [&](const httplib::Request &, httplib::Response &response) {
        test::json(response, R"({"error":"no"})", status);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QVERIFY(!QCoro::waitFor(engine.run({.image = u"i"_s, .command = u"c"_s}, {})));
    QTEST(static_cast<int>(loopback.requests().size()), "requests");
}

void ContreeRetryTest::neverSendsAPostTwiceByItself()
{
    RawServer server("");
    ContreeEngine engine(server.endpoint());
    const auto result = QCoro::waitFor(engine.run({.image = u"i"_s, .command = u"c"_s}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    QCOMPARE(server.requests, 1);
}

void ContreeRetryTest::noticesCutBodies()
{
    RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[]");
    ContreeEngine engine(server.endpoint());
    const auto listed = QCoro::waitFor(engine.operations(1));
    QVERIFY(!listed);
    QCOMPARE(listed.error().kind, ErrorKind::Unreachable);
    QVERIFY(server.requests >= 3); // asked again

    server.requests = 0;
    QBuffer target;
    target.open(QIODevice::WriteOnly);
    const auto done =
        QCoro::waitFor(engine.download(u"11111111-2222-3333-4444-555555555555"_s, u"/f"_s, &target));
    QVERIFY(!done);
    QCOMPARE(target.data(), "[]");
    QCOMPARE(server.requests, 1); // what is written cannot be taken back
}

QTEST_GUILESS_MAIN(ContreeRetryTest)
#include "tst_contreeretry.moc"
