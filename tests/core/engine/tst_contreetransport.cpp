#include "core/engine/contree/transport.h"
#include "tests/core/engine/loopback.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeTransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsTokenProjectAndPrefix();
    void speaksOverAUnixSocket();
    void keepsTheTokenFromOtherHosts();
    void saysWhatToDoWhenRefused();
    void givesUpOnASilentServer();
    void startsTheEngineWhenNobodyListens();
    void staysUsableAfterManyRefusals();
    void stopEndsACallAtOnce();
    void deletingTheEngineEndsItsCalls();
};

void ContreeTransportTest::sendsTokenProjectAndPrefix()
{
    test::Loopback loopback;
    httplib::Headers seen;
    loopback.server.Get("/pre/fix/v1/images",
                        [&](const httplib::Request &request, httplib::Response &response) {
                            seen = request.headers;
                            test::json(response, R"({"images":[]})");
                        });
    loopback.start();
    Endpoint endpoint = loopback.endpoint();
    endpoint.baseUrl = QUrl(loopback.url(u"/pre/fix/"_s));
    endpoint.project = u"p1"_s;
    ContreeEngine engine(endpoint);
    QVERIFY(QCoro::waitFor(engine.images({.tagPrefix = u"a+b/"_s})));
    QCOMPARE(seen.find("Authorization")->second, "Bearer secret-token");
    QCOMPARE(seen.find("Project")->second, "p1");
    QCOMPARE(seen.find("Accept-Encoding")->second, "identity");
    QVERIFY(seen.find("User-Agent")->second.starts_with("cooperage"));
    QCOMPARE(loopback.requests(), QStringList{u"GET /pre/fix/v1/images?limit=1000&offset=0&tag=a%2Bb%2F"_s});
}

void ContreeTransportTest::speaksOverAUnixSocket()
{
    const QTemporaryDir folder;
    test::Loopback loopback;
    test::serveWhoami(loopback, R"(["commit","local-files"])");
    loopback.start(folder.filePath(u"e.sock"_s));
    ContreeEngine engine({.socketPath = folder.filePath(u"e.sock"_s)});
    const auto info = QCoro::waitFor(engine.info());
    QVERIFY2(info, qPrintable(info ? QString() : info.error().text()));
    QVERIFY(info->offers(extension::commit));
    QVERIFY(!info->offers(extension::layers));
    QCOMPARE(info->maxTimeoutSeconds, 1800);
    QVERIFY(QCoro::waitFor(engine.info()));
    QCOMPARE(loopback.requests().size(), 1); // remembered
}

void ContreeTransportTest::keepsTheTokenFromOtherHosts()
{
    test::Loopback other;
    other.server.Get(
        "/stolen", [](const httplib::Request &, httplib::Response &response) { test::json(response, "[]"); });
    other.start();
    test::Loopback loopback;
    loopback.server.Get("/v1/operations", [&](const httplib::Request &, httplib::Response &response) {
        response.set_redirect(other.url(u"/stolen"_s).toStdString());
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QVERIFY(!QCoro::waitFor(engine.operations(1)));
    QVERIFY(other.requests().isEmpty());
}

void ContreeTransportTest::saysWhatToDoWhenRefused()
{
    test::Loopback loopback;
    loopback.server.Get("/v1/whoami", [](const httplib::Request &, httplib::Response &response) {
        response.set_header("WWW-Authenticate", "Bearer");
        test::json(response, R"({"error":"unknown token"})", 401);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto info = QCoro::waitFor(engine.info());
    QVERIFY(!info);
    QCOMPARE(info.error().kind, ErrorKind::Denied);
    QCOMPARE(info.error().what, u"unknown token"_s);
    QVERIFY(!info.error().next.isEmpty());
    QVERIFY(!info.error().text().contains("secret-token"_L1));
}

void ContreeTransportTest::givesUpOnASilentServer()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Endpoint endpoint;
    endpoint.baseUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(silent.serverPort()));
    const auto result = QCoro::waitFor(
        send(Transport::create(endpoint), {.path = "/v1/whoami", .silence = 200ms, .retry = false}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    QVERIFY(result.error().what.contains("in time"_L1));
}

// A free function: a coroutine lambda would lose its captures.
static Task<> startLater(std::shared_ptr<test::Loopback> loopback, QString path, int *starts)
{
    ++*starts;
    loopback->start(path);
    co_return Result<>{};
}

void ContreeTransportTest::startsTheEngineWhenNobodyListens()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"e.sock"_s);
    auto loopback = std::make_shared<test::Loopback>();
    loopback->server.Post("/v1/instances", [](const httplib::Request &, httplib::Response &response) {
        test::json(response, R"({"error":"reached"})", 400);
    });
    int starts = 0;
    Endpoint endpoint{.socketPath = path};
    endpoint.start = [&](std::stop_token) { return startLater(loopback, path, &starts); };
    ContreeEngine engine(endpoint);
    const auto result = QCoro::waitFor(engine.run({.image = u"i"_s, .command = u"c"_s}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().what, u"reached"_s);
    QCOMPARE(starts, 1);

    Endpoint dead{.socketPath = folder.filePath(u"none.sock"_s)};
    dead.retry.attempts = 1;
    ContreeEngine nobody(dead);
    const auto info = QCoro::waitFor(nobody.info());
    QVERIFY(!info);
    QCOMPARE(info.error().kind, ErrorKind::Unreachable);
    QVERIFY(!info.error().next.isEmpty());
}

void ContreeTransportTest::staysUsableAfterManyRefusals()
{
    const QTemporaryDir folder;
    Endpoint endpoint{.socketPath = folder.filePath(u"e.sock"_s), .retry = {.attempts = 1}};
    ContreeEngine engine(endpoint);
    for (int i = 0; i < 100; ++i)
        QVERIFY(!QCoro::waitFor(engine.info()));
    test::Loopback loopback;
    test::serveWhoami(loopback);
    loopback.start(endpoint.socketPath);
    QVERIFY(QCoro::waitFor(engine.info()));
}

void ContreeTransportTest::stopEndsACallAtOnce()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Endpoint endpoint;
    endpoint.baseUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(silent.serverPort()));
    ContreeEngine engine(endpoint);
    std::stop_source stop;
    QTimer::singleShot(50ms, &silent, [&] { stop.request_stop(); });
    QElapsedTimer timer;
    timer.start();
    const auto result = QCoro::waitFor(engine.info(stop.get_token()));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QVERIFY(timer.elapsed() < 5000);
    QCOMPARE(QCoro::waitFor(engine.info(stop.get_token())).error().kind, ErrorKind::Cancelled);
}

void ContreeTransportTest::deletingTheEngineEndsItsCalls()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Endpoint endpoint;
    endpoint.baseUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(silent.serverPort()));
    auto engine = std::make_unique<ContreeEngine>(endpoint);
    QTimer::singleShot(50ms, &silent, [&] { engine.reset(); });
    auto call = engine->info();
    const auto result = QCoro::waitFor(std::move(call));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(ContreeTransportTest)
#include "tst_contreetransport.moc"
