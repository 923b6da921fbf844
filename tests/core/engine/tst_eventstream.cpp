#include "core/engine/contree/eventfeed.h"
#include "core/engine/contree/eventstream.h"

#include <QTest>

using namespace cooperage;
using namespace cooperage::engine::contree;

class EventStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutsFramesWhateverThePieces_data();
    void cutsFramesWhateverThePieces();
    void refusesEndlessFrames();
    void deliversEveryByteOnce();
    void ignoresOtherProcesses();
    void callsBadEventsAnError_data();
    void callsBadEventsAnError();
    void reportsProgress();
};

void EventStreamTest::cutsFramesWhateverThePieces_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<QByteArrayList>>("expected"); // id, type, data
    using Events = QList<QByteArrayList>;

    QTest::newRow("plain") << QByteArray("id: 7\nevent: stdout\ndata: {\"a\":1}\n\n")
                           << Events{{"7", "stdout", "{\"a\":1}"}};
    QTest::newRow("CRLF") << QByteArray("id: 1\r\ndata: x\r\n\r\n") << Events{{"1", "message", "x"}};
    QTest::newRow("CR alone") << QByteArray("data: x\r\rdata: y\r\r")
                              << Events{{"", "message", "x"}, {"", "message", "y"}};
    QTest::newRow("several data lines")
        << QByteArray("data: a\ndata:b\ndata\n\n") << Events{{"", "message", "a\nb\n"}};
    QTest::newRow("comments and unknown fields")
        << QByteArray(": keepalive\n\nretry: 3\nnonsense\ndata: x\n\n") << Events{{"", "message", "x"}};
    QTest::newRow("colon in the value") << QByteArray("data: a: b\n\n") << Events{{"", "message", "a: b"}};
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "data: x\n\n")
                                     << Events{{"", "message", "x"}};
    QTest::newRow("frame without data")
        << QByteArray("id: 1\nevent: e\n\ndata: x\n\n") << Events{{"", "message", "x"}};
    QTest::newRow("cut frame") << QByteArray("data: x\n\ndata: y\n") << Events{{"", "message", "x"}};
    QTest::newRow("nothing") << QByteArray() << Events{};
}

void EventStreamTest::cutsFramesWhateverThePieces()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QList<QByteArrayList>, expected);
    for (qsizetype piece = 1; piece <= std::max<qsizetype>(1, bytes.size()); ++piece) {
        EventStreamParser parser;
        QList<QByteArrayList> events;
        for (qsizetype at = 0; at < bytes.size(); at += piece) {
            const auto found = parser.feed(bytes.mid(at, piece));
            QVERIFY(found);
            for (const StreamEvent &event : *found)
                events.append({event.id, event.type, event.data});
        }
        QCOMPARE(events, expected);
    }
}

void EventStreamTest::refusesEndlessFrames()
{
    EventStreamParser oneLine;
    QVERIFY(!oneLine.feed("data: " + QByteArray(EventStreamParser::longestFrame, 'x')));

    EventStreamParser manyLines;
    Result<QList<StreamEvent>> result;
    for (int i = 0; i < 50 && result; ++i)
        result = manyLines.feed("data: " + QByteArray(100'000, 'x') + '\n');
    QVERIFY(!result);
}

static QByteArray frame(int id, const QByteArray &type, const QByteArray &data, int process = 1)
{
    const QByteArray number = QByteArray::number(id);
    return "id: " + number + "\nevent: " + type + "\ndata: {\"id\":" + number +
           ",\"ts\":\"2026-06-08T20:00:00Z\",\"spid\":" + QByteArray::number(process) + ",\"type\":\"" +
           type + "\",\"data\":" + data + "}\n\n";
}

void EventStreamTest::deliversEveryByteOnce()
{
    QByteArray out;
    QByteArray err;
    EventFeed feed({.output = [&](engine::Stream stream, const QByteArray &bytes) {
        (stream == engine::Stream::Stdout ? out : err) += bytes;
    }});
    QVERIFY(feed.take(frame(0, "init", "{}", 0)));
    QVERIFY(feed.take(frame(1, "stdout", R"({"value":"hi\n","encoding":"ascii"})")));
    QVERIFY(feed.take(frame(2, "stderr", R"({"value":"w6QK","encoding":"base64"})")));
    QCOMPARE(feed.lastId(), "2");
    QVERIFY(feed.hasMoved());

    feed.reconnect();
    QVERIFY(!feed.hasMoved());
    QVERIFY(feed.take(frame(1, "stdout", R"({"value":"hi\n","encoding":"ascii"})"))); // replayed
    QVERIFY(feed.take(frame(3, "stdout", R"({"value":"there\n","encoding":"ascii"})")));
    QVERIFY(!feed.isComplete());
    QVERIFY(feed.take(frame(4, "completion", R"({"status":"SUCCESS","duration_ms":5})")));
    QVERIFY(feed.isComplete());
    QCOMPARE(out, "hi\nthere\n");
    QCOMPARE(err, "\u00e4\n");

    feed.deliverRest({{QStringLiteral("stdout"),
                       QJsonObject{{QStringLiteral("value"), QStringLiteral("hi\nthere\nrest\n")},
                                   {QStringLiteral("encoding"), QStringLiteral("ascii")}}}});
    QCOMPARE(out, "hi\nthere\nrest\n");
    QCOMPARE(err, "\u00e4\n");
}

void EventStreamTest::ignoresOtherProcesses()
{
    QByteArray out;
    EventFeed feed({.output = [&](engine::Stream, const QByteArray &bytes) { out += bytes; }});
    QVERIFY(feed.take(frame(1, "stdout", R"({"value":"side","encoding":"ascii"})", 2)));
    QCOMPARE(out, "");
}

void EventStreamTest::callsBadEventsAnError_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("not JSON") << QByteArray("data: {\n\n");
    QTest::newRow("no id") << QByteArray("data: {\"type\":\"stdout\",\"data\":{}}\n\n");
    QTest::newRow("no data") << QByteArray("data: {\"id\":1,\"type\":\"stdout\"}\n\n");
    QTest::newRow("in-band failure") << QByteArray("event: sse_error\ndata: log is gone\n\n");
}

void EventStreamTest::callsBadEventsAnError()
{
    QFETCH(const QByteArray, bytes);
    EventFeed feed({});
    QVERIFY(!feed.take(bytes));
    QVERIFY(!feed.isComplete());
}

void EventStreamTest::reportsProgress()
{
    QList<std::pair<qint64, qint64>> seen;
    EventFeed feed({.progress = [&](qint64 done, qint64 total) { seen.append({done, total}); }});
    QVERIFY(feed.take(frame(1, "progress", R"({"done":5000000000,"total":6000000000})")));
    QVERIFY(feed.take(frame(2, "progress", R"({"done":6})")));
    const QList<std::pair<qint64, qint64>> expected{{5'000'000'000, 6'000'000'000}, {6, -1}};
    QCOMPARE(seen, expected);
}

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_eventstream.moc"
