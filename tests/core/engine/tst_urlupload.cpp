#include "core/engine/contree/contreeengine.h"
#include "tests/core/engine/urlends.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class UrlUploadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesOverAUnixSocket();
    void followsRedirections();
    void refusesEndlessRedirections();
    void sparesWhatTheServerStillHas_data();
    void sparesWhatTheServerStillHas();
    void fetchesAgainWhatTheEngineHasLost();
    void storesNothingOfACutDownload_data();
    void storesNothingOfACutDownload();
    void saysWhatIsWrongWithTheUrl_data();
    void saysWhatIsWrongWithTheUrl();
    void noticesThatTheEngineRefuses();
    void noticesThatTheEngineStoredSomethingElse();
    void stopEndsItAtOnce_data();
    void stopEndsItAtOnce();
};

void UrlUploadTest::passesOverAUnixSocket()
{
    const QTemporaryDir folder;
    Loopback source;
    serveGenerated(source, 100'000, true);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start(folder.filePath(u"e.sock"_s));
    ContreeEngine engine({.socketPath = folder.filePath(u"e.sock"_s)});
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/data.bin"_s)}, {}));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(outcome->file.sha256, generatedDigest(100'000));
    QCOMPARE(outcome->file.uuid, u"new"_s);
}

void UrlUploadTest::followsRedirections()
{
    Loopback source;
    serveGenerated(source, 1000, true);
    source.server.Get("/a", [](const httplib::Request &, httplib::Response &response) {
        response.set_redirect("b?x=1", 307);
    });
    source.server.Get("/b", [&](const httplib::Request &request, httplib::Response &response) {
        response.set_redirect(request.has_param("x") ? source.url(u"/data.bin"_s).toStdString() : "/nowhere",
                              301);
    });
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/a"_s)}, {}));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(outcome->file.size, 1000);
}

void UrlUploadTest::refusesEndlessRedirections()
{
    Loopback source;
    source.server.Get("/loop", [](const httplib::Request &, httplib::Response &response) {
        response.set_redirect("/loop");
    });
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/loop"_s)}, {}));
    QVERIFY(!outcome);
    QVERIFY(outcome.error().what.contains("10"_L1));
    QCOMPARE(source.requests().size(), 11);
    QCOMPARE(receiver.stored + receiver.broken, 0);
}

void UrlUploadTest::sparesWhatTheServerStillHas_data()
{
    QTest::addColumn<UrlValidators>("known");
    QTest::addColumn<bool>("answersHead");
    QTest::addColumn<UrlOutcome::How>("how");
    QTest::newRow("same ETag") << UrlValidators{u"\"v1\""_s, u"other"_s, {}} << true
                               << UrlOutcome::How::HeadMatched;
    QTest::newRow("same date") << UrlValidators{{}, u"Sat, 21 Nov 2026 12:00:00 GMT"_s, {}} << true
                               << UrlOutcome::How::HeadMatched;
    QTest::newRow("same MD5") << UrlValidators{u"\"v0\""_s, {}, u"md5"_s} << true
                              << UrlOutcome::How::HeadMatched;
    QTest::newRow("no HEAD") << UrlValidators{u"\"v1\""_s, {}, {}} << false << UrlOutcome::How::NotModified;
    QTest::newRow("another one") << UrlValidators{u"\"v0\""_s, u"other"_s, {}} << true
                                 << UrlOutcome::How::Uploaded;
}

void UrlUploadTest::sparesWhatTheServerStillHas()
{
    QFETCH(const UrlValidators, known);
    QFETCH(const bool, answersHead);
    Loopback source;
    source.server.Get("/data.bin",
                      [answersHead](const httplib::Request &request, httplib::Response &response) {
                          if (request.method == "HEAD" && !answersHead) {
                              response.status = 405;
                              return;
                          }
                          response.set_header("ETag", "\"v1\"");
                          response.set_header("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT");
                          response.set_header("Content-MD5", "md5");
                          if (request.get_header_value("If-None-Match") == "\"v1\"")
                              response.status = 304;
                          else
                              response.set_content("abc", "text/plain");
                      });
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    receiver.known = Sha256::hex("old");
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    UrlUpload request{.url = source.url(u"/data.bin"_s), .known = known};
    request.knownFile = {u"known"_s, receiver.known, 3};
    const auto outcome = QCoro::waitFor(engine.uploadUrl(request, {}));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QTEST(outcome->how, "how");
    const bool uploaded = outcome->how == UrlOutcome::How::Uploaded;
    QCOMPARE(outcome->file.uuid, uploaded ? u"new"_s : u"known"_s);
    QCOMPARE(receiver.stored.load(), uploaded ? 1 : 0);
}

void UrlUploadTest::fetchesAgainWhatTheEngineHasLost()
{
    Loopback source;
    serveGenerated(source, 10, true);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    UrlUpload request{.url = source.url(u"/data.bin"_s), .known = {u"\"v1\""_s, {}, {}}};
    request.knownFile = {u"gone"_s, Sha256::hex("old"), 3};
    const auto outcome = QCoro::waitFor(engine.uploadUrl(request, {}));
    QVERIFY(outcome);
    QCOMPARE(outcome->how, UrlOutcome::How::Uploaded);
    QCOMPARE(source.requests(), QStringList{u"GET /data.bin"_s});
}

void UrlUploadTest::storesNothingOfACutDownload_data()
{
    QTest::addColumn<bool>("withLength");
    QTest::newRow("Content-Length") << true;
    QTest::newRow("chunked") << false;
}

void UrlUploadTest::storesNothingOfACutDownload()
{
    QFETCH(const bool, withLength);
    Loopback source;
    serveGenerated(source, 10'000'000, withLength, 6'000'000);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/data.bin"_s)}, {}));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unreachable);
    QVERIFY2(outcome.error().what.contains("6000000"_L1), qPrintable(outcome.error().text()));
    QTRY_COMPARE(receiver.broken.load(), 1);
    QCOMPARE(receiver.stored.load(), 0);
}

void UrlUploadTest::saysWhatIsWrongWithTheUrl_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("no URL") << u"data.bin"_s << ErrorKind::BadInput;
    QTest::newRow("ftp") << u"ftp://host/x"_s << ErrorKind::BadInput;
    QTest::newRow("missing") << u"http://me:hush@SERVER/missing?key=hush"_s << ErrorKind::NotFound;
    QTest::newRow("forbidden") << u"http://SERVER/forbidden"_s << ErrorKind::Denied;
    QTest::newRow("broken") << u"http://SERVER/broken"_s << ErrorKind::Failed;
    QTest::newRow("odd redirection") << u"http://SERVER/odd"_s << ErrorKind::Failed;
    QTest::newRow("nobody there") << u"http://127.0.0.1:1/x"_s << ErrorKind::Unreachable;
}

void UrlUploadTest::saysWhatIsWrongWithTheUrl()
{
    QFETCH(QString, url);
    Loopback source;
    source.server.Get("/forbidden",
                      [](const httplib::Request &, httplib::Response &response) { response.status = 403; });
    source.server.Get("/broken",
                      [](const httplib::Request &, httplib::Response &response) { response.status = 500; });
    source.server.Get("/odd", [](const httplib::Request &, httplib::Response &response) {
        response.set_redirect("file:///etc/passwd");
    });
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    url.replace("SERVER"_L1, u"127.0.0.1:%1"_s.arg(source.port()));
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = url}, {}));
    QVERIFY(!outcome);
    QTEST(outcome.error().kind, "kind");
    QVERIFY(!outcome.error().where.isEmpty());
    QVERIFY(!outcome.error().text().contains("hush"_L1));
    QCOMPARE(receiver.stored + receiver.broken, 0);
}

void UrlUploadTest::noticesThatTheEngineRefuses()
{
    Loopback source;
    serveGenerated(source, 1000, true);
    source.start();
    Loopback loopback;
    serveWhoami(loopback);
    loopback.server.Post("/v1/files", [](const httplib::Request &, httplib::Response &response) {
        json(response, R"({"error":"no space"})", 507);
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/data.bin"_s)}, {}));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Full);
    QCOMPARE(outcome.error().what, u"no space"_s);
}

void UrlUploadTest::noticesThatTheEngineStoredSomethingElse()
{
    Loopback source;
    serveGenerated(source, 1000, true);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    receiver.lie = true;
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QVERIFY(!QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/data.bin"_s)}, {})));
}

void UrlUploadTest::stopEndsItAtOnce_data()
{
    QTest::addColumn<bool>("silentSource");
    QTest::newRow("while bytes come") << false;
    QTest::newRow("while nobody answers") << true;
}

void UrlUploadTest::stopEndsItAtOnce()
{
    QFETCH(const bool, silentSource);
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Loopback source;
    serveGenerated(source, size_t(1) << 36, true);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    std::stop_source stop;
    QTimer::singleShot(300ms, &engine, [&] { stop.request_stop(); });
    const QString url =
        silentSource ? u"http://127.0.0.1:%1/x"_s.arg(silent.serverPort()) : source.url(u"/data.bin"_s);
    QElapsedTimer timer;
    timer.start();
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = url}, {}, stop.get_token()));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    if (!silentSource)
        QTRY_COMPARE(receiver.broken.load(), 1);
    QCOMPARE(receiver.stored.load(), 0);
}

QTEST_GUILESS_MAIN(UrlUploadTest)
#include "tst_urlupload.moc"
