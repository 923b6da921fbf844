#include "tests/core/engine/protocol.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversOutputWhileTheCommandRuns();
    void takesUpABrokenEventStream();
    void asksWhereThereAreNoEvents();
    void failedOperationsAreErrors();
    void timedOutRunsAreOutcomes();
    void stopCancelsTheOperation();
    void stopCancelsAnOperationThatIsJustBeginning();
};

// An operation that goes on until it is deleted.
static void runUntilDeleted(Loopback &loopback, std::atomic<bool> &deleted)
{
    loopback.server.Get(
        "/v1/operations/op1/events", [&](const httplib::Request &, httplib::Response &response) {
            response.set_chunked_content_provider("text/event-stream", [&](size_t, httplib::DataSink &sink) {
                const std::string line = ": keepalive\n\n";
                if (deleted || !sink.write(line.data(), line.size()))
                    return false;
                std::this_thread::sleep_for(5ms);
                return true;
            });
        });
    loopback.server.Delete("/v1/operations/op1", [&](const httplib::Request &, httplib::Response &response) {
        deleted = true;
        response.status = 202;
    });
}

void ContreeRunTest::deliversOutputWhileTheCommandRuns()
{
    // The server lets the second line go only when the first has reached the caller.
    Loopback loopback;
    acceptInstances(loopback);
    std::atomic<bool> firstSeen = false;
    loopback.server.Get(
        "/v1/operations/op1/events", [&](const httplib::Request &, httplib::Response &response) {
            response.set_chunked_content_provider("text/event-stream", [&](size_t, httplib::DataSink &sink) {
                const std::string first = frame(0, "stdout", R"({"value":"one\n","encoding":"ascii"})");
                sink.write(first.data(), first.size());
                for (int i = 0; i < 500 && !firstSeen; ++i)
                    std::this_thread::sleep_for(10ms);
                const std::string rest = frame(1, "stdout", R"({"value":"two\n","encoding":"ascii"})") +
                                         frame(2, "completion", R"({"status":"SUCCESS","duration_ms":1})");
                sink.write(rest.data(), rest.size());
                sink.done();
                return true;
            });
        });
    answerOperation(loopback, operationJson(u"SUCCESS"_s, resultUuid, endedWell));
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QByteArray output;
    QElapsedTimer timer;
    timer.start();
    const auto outcome = QCoro::waitFor(
        engine.run({.image = imageUuid, .command = u"c"_s}, [&](Stream, const QByteArray &bytes) {
            output += bytes;
            firstSeen = true;
        }));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QVERIFY(timer.elapsed() < 4000);
    QCOMPARE(output, "one\ntwo\n");
    QCOMPARE(outcome->exitCode, 3);
    QCOMPARE(outcome->image, resultUuid);
    QCOMPARE(outcome->operation, u"op1"_s);
}

void ContreeRunTest::takesUpABrokenEventStream()
{
    Loopback loopback;
    acceptInstances(loopback);
    std::atomic<int> connections = 0;
    std::string resumedAt;
    loopback.server.Get(
        "/v1/operations/op1/events", [&](const httplib::Request &request, httplib::Response &response) {
            const int connection = connections++;
            if (connection == 0) {
                response.set_content(frame(0, "stdout", R"({"value":"one\n","encoding":"ascii"})") +
                                         "id: 1\ndata: {\"cut",
                                     "text/event-stream");
            } else if (connection == 1) {
                response.set_header("Retry-After", "0.01");
                json(response, R"({"error":"not durable yet"})", 410);
            } else {
                resumedAt = request.get_header_value("Last-Event-Id");
                response.set_content(frame(0, "stdout", R"({"value":"one\n","encoding":"ascii"})") +
                                         frame(1, "stdout", R"({"value":"two\n","encoding":"ascii"})") +
                                         frame(2, "completion", R"({"status":"SUCCESS","duration_ms":1})"),
                                     "text/event-stream");
            }
        });
    loopback.server.Get("/v1/operations/op1", [&](const httplib::Request &, httplib::Response &response) {
        json(response,
             operationJson(connections < 3 ? u"EXECUTING"_s : u"SUCCESS"_s, resultUuid, endedWell).c_str());
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QByteArray output;
    const auto outcome = QCoro::waitFor(engine.run(
        {.image = imageUuid, .command = u"c"_s}, [&](Stream, const QByteArray &bytes) { output += bytes; }));
    QVERIFY(outcome);
    QCOMPARE(output, "one\ntwo\n");
    QCOMPARE(resumedAt, "0");
    QCOMPARE(connections.load(), 3);
}

void ContreeRunTest::asksWhereThereAreNoEvents()
{
    Loopback loopback;
    acceptInstances(loopback);
    std::atomic<int> asked = 0;
    loopback.server.Get("/v1/operations/op1", [&](const httplib::Request &, httplib::Response &response) {
        const bool over = ++asked > 2;
        const QString partial =
            u"{\"state\":{\"exit_code\":-1,\"signal\":-1},\"stdout\":{\"value\":\"one\\n\",\"encoding\":\"ascii\"}}"_s;
        json(response, operationJson(over ? u"SUCCESS"_s : u"EXECUTING"_s, over ? resultUuid : QString(),
                                     over ? endedWell : partial)
                           .c_str());
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QByteArrayList pieces;
    const auto outcome = QCoro::waitFor(engine.run(
        {.image = imageUuid, .command = u"c"_s}, [&](Stream, const QByteArray &bytes) { pieces += bytes; }));
    QVERIFY(outcome);
    QCOMPARE(outcome->exitCode, 3);
    QCOMPARE(pieces, (QByteArrayList{"one\n", "two\n"}));
    QCOMPARE(loopback.count(u"GET /v1/operations/op1/events?follow=1"_s), 1);
}

void ContreeRunTest::failedOperationsAreErrors()
{
    Loopback loopback;
    acceptInstances(loopback);
    answerEvents(loopback, frame(0, "completion", R"({"status":"FAILED","duration_ms":1})"));
    answerOperation(loopback, operationJson(u"FAILED"_s));
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.run({.image = imageUuid, .command = u"c"_s}, {}));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Failed);
    QCOMPARE(outcome.error().what, u"broke"_s);
}

void ContreeRunTest::timedOutRunsAreOutcomes()
{
    Loopback loopback;
    acceptInstances(loopback);
    answerEvents(loopback, frame(0, "completion", R"({"status":"FAILED","duration_ms":1})"));
    answerOperation(
        loopback,
        operationJson(u"FAILED"_s, {}, u"{\"state\":{\"exit_code\":-1,\"signal\":9,\"timed_out\":true}}"_s));
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.run({.image = imageUuid, .command = u"c"_s}, {}));
    QVERIFY(outcome);
    QVERIFY(outcome->timedOut);
    QVERIFY(outcome->image.isEmpty());
}

void ContreeRunTest::stopCancelsTheOperation()
{
    Loopback loopback;
    std::atomic<bool> deleted = false;
    acceptInstances(loopback);
    runUntilDeleted(loopback, deleted);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    std::stop_source stop;
    QTimer::singleShot(100ms, &engine, [&] { stop.request_stop(); });
    QElapsedTimer timer;
    timer.start();
    const auto outcome =
        QCoro::waitFor(engine.run({.image = imageUuid, .command = u"c"_s}, {}, stop.get_token()));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY(deleted);
    QVERIFY(timer.elapsed() < 3000);
}

void ContreeRunTest::stopCancelsAnOperationThatIsJustBeginning()
{
    Loopback loopback;
    std::atomic<bool> deleted = false;
    std::atomic<bool> stopped = false;
    loopback.server.Post("/v1/instances", [&](const httplib::Request &, httplib::Response &response) {
        for (int i = 0; i < 500 && !stopped; ++i)
            std::this_thread::sleep_for(10ms);
        json(response, R"({"uuid":"op1"})", 201);
    });
    runUntilDeleted(loopback, deleted);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    std::stop_source stop;
    QTimer::singleShot(100ms, &engine, [&] {
        stop.request_stop();
        stopped = true;
    });
    const auto outcome =
        QCoro::waitFor(engine.run({.image = imageUuid, .command = u"c"_s}, {}, stop.get_token()));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY(deleted);
}

QTEST_GUILESS_MAIN(ContreeRunTest)
#include "tst_contreerun.moc"
