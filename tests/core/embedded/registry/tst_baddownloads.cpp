#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/registry/badregistry.h"

#include <QElapsedTimer>

#include <atomic>
#include <future>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class BadDownloadsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areGivenTheTimeTheyAskFor();
    void areAskedForTheRestAfterACut();
    void mayIgnoreOrRefuseRanges_data();
    void mayIgnoreOrRefuseRanges();
    void areNotBelievedAboutRanges();
    void mayLabelBlobsAsCompressed();
    void cannotPassOffOtherBytes_data();
    void cannotPassOffOtherBytes();
    void areReportedWhenTheyLimitRates();
    void endWithinASecondWhenStopped();
};

/// Sends a blob and cuts the connection after half of what was to come; `honest` servers obey Range.
static void sendHalf(BadRegistry &registry, const httplib::Request &request, httplib::Response &reply,
                     bool obeysRange)
{
    const std::string blob = registry.blob(request.matches[1]);
    const size_t from =
        obeysRange && !request.ranges.empty() ? static_cast<size_t>(request.ranges.front().first) : 0;
    const size_t end = from == 0 && blob.size() > 10'000 ? blob.size() / 2 : blob.size();
    reply.status = obeysRange && from > 0 ? 206 : 200;
    reply.set_content_provider(blob.size(), "application/octet-stream",
                               [blob, from, end](size_t offset, size_t, httplib::DataSink &sink) {
                                   if (from > 0)
                                       return sink.write(blob.data() + offset, blob.size() - offset);
                                   const bool wrote =
                                       offset < end && sink.write(blob.data() + offset,
                                                                  std::min<size_t>(end - offset, 16'384));
                                   return wrote && offset + 16'384 < end;
                               });
}

void BadDownloadsTest::areGivenTheTimeTheyAskFor()
{
    BadRegistry registry(noisyImage());
    std::atomic<int> count = 0;
    registry.on("/v2/app/manifests/.*", [&](const httplib::Request &, httplib::Response &reply) {
        if (count++ == 0) {
            reply.status = 429;
            reply.set_header("Retry-After", "1");
        } else if (count == 2) {
            reply.status = 503;
        } else {
            registry.sendManifest(reply);
        }
    });
    registry.start();
    StoreFixture fixture;
    QElapsedTimer timer;
    timer.start();
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(count.load(), 3);
    QVERIFY(timer.elapsed() >= 1000);
}

void BadDownloadsTest::areAskedForTheRestAfterACut()
{
    BadRegistry registry(noisyImage());
    registry.on("/v2/app/blobs/(.*)",
                [&](const auto &request, auto &reply) { sendHalf(registry, request, reply, true); });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    const auto seen = registry.seen();
    const auto resumed = std::ranges::find_if(seen, [](const auto &r) { return !r.range.empty(); });
    QVERIFY(resumed != seen.end());
    QVERIFY(resumed->range != "bytes=0-");
}

void BadDownloadsTest::mayIgnoreOrRefuseRanges_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("requests");
    QTest::newRow("ignore") << 200 << 2;
    QTest::newRow("refuse") << 416 << 3;
}

void BadDownloadsTest::mayIgnoreOrRefuseRanges()
{
    QFETCH(int, status);
    QFETCH(int, requests);
    BadRegistry registry(noisyImage());
    std::atomic<int> count = 0;
    registry.on("/v2/app/blobs/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.matches[1] == registry.layer() && count++ == 0)
            return sendHalf(registry, request, reply, false);
        reply.status = request.has_header("Range") ? status : 200;
        if (reply.status == 200)
            reply.set_content(registry.blob(request.matches[1]), "application/octet-stream");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(count.load(), requests);
}

void BadDownloadsTest::areNotBelievedAboutRanges()
{
    BadRegistry registry(noisyImage());
    std::atomic<int> count = 0;
    registry.on("/v2/app/blobs/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.matches[1] == registry.layer() && count++ == 0)
            return sendHalf(registry, request, reply, false);
        const std::string blob = registry.blob(request.matches[1]);
        if (request.has_header("Range")) {
            reply.status = 206;
            reply.set_header("Content-Range", "bytes 0-9/" + std::to_string(blob.size()));
        }
        reply.set_content(blob, "application/octet-stream");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(count.load(), 3);
}

void BadDownloadsTest::mayLabelBlobsAsCompressed()
{
    // Some storage hosts call a gzip'ed layer gzip-encoded: the bytes must stay as they are.
    BadRegistry registry(TestImage({tarOf({file("f", std::string(100'000, 'f'))})}, ARCHIVE_FILTER_GZIP));
    registry.on("/v2/app/blobs/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.matches[1] == registry.layer())
            reply.set_header("Content-Encoding", "gzip");
        reply.set_content(registry.blob(request.matches[1]), "application/octet-stream");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(fixture.content(done->layers[0], u"f"_s).size(), 100'000);
}

void BadDownloadsTest::cannotPassOffOtherBytes_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<bool>("longer");
    QTest::newRow("layer") << QByteArray("layer") << false;
    QTest::newRow("longer layer") << QByteArray("layer") << true;
    QTest::newRow("config") << QByteArray("config") << false;
    QTest::newRow("longer config") << QByteArray("config") << true;
}

void BadDownloadsTest::cannotPassOffOtherBytes()
{
    QFETCH(QByteArray, pattern);
    QFETCH(bool, longer);
    BadRegistry registry(noisyImage());
    registry.on("/v2/app/blobs/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        std::string blob = registry.blob(request.matches[1]);
        if ((request.matches[1] == registry.layer()) == (pattern == "layer")) {
            blob[blob.size() / 2] ^= 1;
            blob += longer ? "more" : "";
        }
        reply.set_content(blob, "application/octet-stream");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QCOMPARE(fixture.leftovers(), QStringList());
}

void BadDownloadsTest::areReportedWhenTheyLimitRates()
{
    BadRegistry registry(noisyImage());
    std::atomic<int> count = 0;
    registry.on("/v2/app/manifests/.*", [&](const httplib::Request &, httplib::Response &reply) {
        ++count;
        reply.status = 429;
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QCOMPARE(done.error().kind, ErrorKind::Unreachable);
    QVERIFY2(done.error().next.contains("sign in"_L1), why(done).constData());
    QCOMPARE(count.load(), 5);
}

void BadDownloadsTest::endWithinASecondWhenStopped()
{
    BadRegistry registry(noisyImage());
    std::stop_source stop;
    std::promise<void> released;
    const std::shared_future<void> release = released.get_future().share();
    registry.on("/v2/app/blobs/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.matches[1] == registry.layer()) {
            stop.request_stop();
            release.wait();
        }
        reply.set_content(registry.blob(request.matches[1]), "application/octet-stream");
    });
    registry.start();
    StoreFixture fixture;
    QElapsedTimer timer;
    timer.start();
    const auto done = pullApp(fixture, registry.host(), {}, {}, stop.get_token());
    released.set_value();
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Cancelled);
    QVERIFY(timer.elapsed() < 10'000); // Without the stop it would wait for the registry for minutes.
    QCOMPARE(fixture.leftovers(), QStringList());
}

COOPERAGE_TEST_MAIN_AS_ROOT(BadDownloadsTest)
#include "tst_baddownloads.moc"
