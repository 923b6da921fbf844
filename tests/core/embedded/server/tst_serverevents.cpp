#include "core/embedded/server/networkdevices.h"
#include "tests/core/embedded/server/eventframes.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QElapsedTimer>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// The event stream of operations.
class TestServerEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void anEndedOperationIsReplayed();
    void networkListsInterfacesWithCounters();
    void deviceTextIsRead();
    void aFollowerSeesEventsAsTheyCome();
    void resumingSkipsWhatWasSeen();
    void withoutFollowWhatIsThereIsSent();
    void failedImportEndsWithCompletion();
    void eventsOutliveARestart();
    void aCutLogStillEndsWithCompletion();

private:
    Reply events(const QString &uuid, const std::string &query = {}, const httplib::Headers &headers = {})
    {
        return m_fixture->client().Get("/v1/operations/" + uuid.toStdString() + "/events" + query, headers);
    }
    QString started(const QString &script)
    {
        return m_fixture->client()
            .post("/v1/instances", {{u"command"_s, script},
                                    {u"shell"_s, true},
                                    {u"timeout"_s, 600},
                                    {u"image"_s, m_fixture->busybox()}})
            .text(u"uuid"_s);
    }

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerEvents::anEndedOperationIsReplayed()
{
    const QJsonObject run = m_fixture->shell(u"echo hi; touch /x"_s);
    const Reply reply = events(run.value(u"uuid"_s).toString());
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("Content-Type"), u"text/event-stream"_s);
    const QList<Frame> frames = framesOf(reply.body);
    QCOMPARE(typesOf(frames), (QStringList{u"init"_s, u"network"_s, u"spawn"_s, u"stdout"_s, u"exit"_s,
                                           u"shutdown"_s, u"completion"_s}));
    for (int i = 0; i < frames.size(); ++i) {
        QCOMPARE(frames[i].id, i);
        QCOMPARE(frames[i].envelope.value(u"id"_s).toInt(), i);
        QCOMPARE(frames[i].envelope.value(u"type"_s).toString(), frames[i].type);
        QVERIFY(frames[i].envelope.value(u"ts"_s).toString().endsWith(u'Z'));
    }
    for (const QString &key : {u"started_at"_s, u"runtime_path"_s, u"verbose"_s, u"init_pid"_s, u"hostname"_s,
                               u"kernel"_s, u"machine"_s})
        QVERIFY2(frames[0].data().contains(key), qPrintable(key));
    const QJsonObject spawn = frames[2].data();
    QVERIFY(spawn.value(u"pid"_s).toInt() > 1);
    QCOMPARE(spawn.value(u"cwd"_s).toString(), u"/root"_s);
    QCOMPARE(spawn.value(u"timeout"_s).toInt(), 60);
    QCOMPARE(frames[3].data().value(u"value"_s).toString(), u"hi\n"_s);
    QCOMPARE(frames[3].envelope.value(u"spid"_s).toInt(), 1);
    const QJsonObject exit = frames[4].data();
    QCOMPARE(exit.value(u"code"_s).toInt(), 0);
    QCOMPARE(exit.value(u"pid"_s), spawn.value(u"pid"_s));
    QCOMPARE(exit.value(u"resources"_s).toObject().size(), 15);
    QCOMPARE(frames[5].data().value(u"reason"_s).toString(), u"job_complete"_s);
    QCOMPARE(frames[6].data().value(u"status"_s).toString(), u"SUCCESS"_s);
    QCOMPARE(frames[6].data().value(u"result_image_uuid"_s).toString(), imageOf(run));
}

void TestServerEvents::networkListsInterfacesWithCounters()
{
    const QJsonObject run = m_fixture->shell(u"ping -c 2 127.0.0.1 >/dev/null; cat /proc/net/dev"_s,
                                             {{u"networking"_s, QJsonObject{{u"enabled"_s, false}}}});
    const QList<Frame> frames = framesOf(events(run.value(u"uuid"_s).toString()).body);
    const QJsonArray interfaces = frames.value(1).data().value(u"interfaces"_s).toArray();
    QCOMPARE(interfaces.size(), 1);
    const QJsonObject loopback = interfaces[0].toObject();
    QCOMPARE(loopback.value(u"name"_s).toString(), u"lo"_s);
    QCOMPARE(loopback.size(), 9);
    for (const QString &key : {u"rx_bytes"_s, u"rx_packets"_s, u"rx_errs"_s, u"rx_drop"_s, u"tx_bytes"_s,
                               u"tx_packets"_s, u"tx_errs"_s, u"tx_drop"_s})
        QVERIFY2(loopback.value(key).isDouble(), qPrintable(key));
    QVERIFY(!frames.value(1).data().contains(u"configured"_s)); // Nobody configures it.
    QCOMPARE(outputOf(run).count(u':'), 1);
}

void TestServerEvents::deviceTextIsRead()
{
    const QJsonArray devices =
        networkDevices("Inter-|   Receive  |  Transmit\n face |bytes packets\n"
                       "    lo:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
                       "  eth0: 900000000000 1 0 0 0 0 0 0 7 8 0 0 0 0 0 0\n wlan0: 5 6");
    QCOMPARE(devices.size(), 2);
    const QJsonObject first = devices[0].toObject();
    QCOMPARE(first.value(u"rx_drop"_s).toInt(), 4);
    QCOMPARE(first.value(u"tx_bytes"_s).toInt(), 9);
    QCOMPARE(first.value(u"tx_drop"_s).toInt(), 12);
    QCOMPARE(devices[1].toObject().value(u"name"_s).toString(), u"eth0"_s);
    QCOMPARE(devices[1].toObject().value(u"rx_bytes"_s).toInteger(), 900000000000);
    QCOMPARE(networkDevices(""), QJsonArray());
}

void TestServerEvents::aFollowerSeesEventsAsTheyCome()
{
    const QString uuid = started(u"echo first; sleep 1000"_s);
    QString seen;
    SocketClient client = m_fixture->client();
    bool cancelled = false;
    const auto result = client.Get(
        "/v1/operations/" + uuid.toStdString() + "/events?follow=1", [&](const char *bytes, size_t size) {
            seen += QString::fromUtf8(bytes, static_cast<qsizetype>(size));
            // The output arrives while the command still sleeps: only then it is cancelled.
            if (!cancelled && seen.contains(u"first"_s))
                cancelled =
                    Reply(m_fixture->client().Delete("/v1/operations/" + uuid.toStdString())).status == 202;
            return true;
        });
    QVERIFY(result);
    QVERIFY(cancelled);
    const QList<Frame> frames = framesOf(seen.toStdString());
    QCOMPARE(frames.last().type, u"completion"_s);
    QCOMPARE(frames.last().data().value(u"status"_s).toString(), u"CANCELLED"_s);
}

void TestServerEvents::resumingSkipsWhatWasSeen()
{
    const QString uuid = m_fixture->shell(u"echo hi"_s).value(u"uuid"_s).toString();
    const qsizetype all = framesOf(events(uuid).body).size();
    QCOMPARE(framesOf(events(uuid, "?since=1").body).first().id, 2);
    QCOMPARE(framesOf(events(uuid, "?since=0&follow=1", {{"Last-Event-Id", "2"}}).body).first().id, 3);
    QCOMPARE(framesOf(events(uuid, "?since=" + std::to_string(all - 1)).body).size(), 0);
    QCOMPARE(typesOf(framesOf(events(uuid, "?spid=7").body)), QStringList{u"completion"_s});
    QVERIFY(!typesOf(framesOf(events(uuid, "?spid=1").body)).contains(u"init"_s));
    QCOMPARE(events(uuid, "?since=x").status, 400);
}

void TestServerEvents::withoutFollowWhatIsThereIsSent()
{
    const QString uuid = started(u"echo one; sleep 1000"_s);
    QTRY_VERIFY(typesOf(framesOf(events(uuid).body)).contains(u"stdout"_s));
    QVERIFY(!typesOf(framesOf(events(uuid).body)).contains(u"completion"_s));
    m_fixture->client().Delete("/v1/operations/" + uuid.toStdString());
    QCOMPARE(typesOf(framesOf(events(uuid, "?follow=1").body)).last(), u"completion"_s);
}

void TestServerEvents::failedImportEndsWithCompletion()
{
    const QJsonObject import = m_fixture->run(
        {{u"registry"_s, QJsonObject{{u"url"_s, u"docker://127.0.0.1:1/nothing:1"_s},
                                     {u"credentials"_s,
                                      QJsonObject{{u"username"_s, u"me"_s}, {u"password"_s, u"hunter2"_s}}}}},
         {u"timeout"_s, 60}},
        "/v1/images/import");
    QCOMPARE(statusOf(import), u"FAILED"_s);
    QVERIFY(!import.value(u"error"_s).toString().isEmpty());
    QVERIFY(import.value(u"image_uuid"_s).isNull());
    const QJsonObject shown = import.value(u"metadata"_s)
                                  .toObject()
                                  .value(u"registry"_s)
                                  .toObject()
                                  .value(u"credentials"_s)
                                  .toObject();
    QCOMPARE(shown.value(u"password"_s).toString(), u"<MASKED>"_s);
    QVERIFY(!QJsonDocument(import).toJson().contains("hunter2"));
    const QList<Frame> frames = framesOf(events(import.value(u"uuid"_s).toString(), "?follow=1").body);
    QCOMPARE(frames.last().type, u"completion"_s);
    QCOMPARE(frames.last().data().value(u"status"_s).toString(), u"FAILED"_s);
}

void TestServerEvents::eventsOutliveARestart()
{
    const QString uuid = m_fixture->shell(u"echo kept"_s).value(u"uuid"_s).toString();
    const std::string before = events(uuid).body;
    m_fixture->stop();
    m_fixture->start();
    QCOMPARE(QByteArray::fromStdString(events(uuid, "?follow=1").body), QByteArray::fromStdString(before));
    QCOMPARE(outputOf(m_fixture->waitFor(uuid)), u"kept\n"_s);
}

void TestServerEvents::aCutLogStillEndsWithCompletion()
{
    const QString uuid = m_fixture->shell(u"echo hi"_s).value(u"uuid"_s).toString();
    QFile log(QString::fromStdString(m_fixture->store().folder()) + u"/operations/"_s + uuid + u".events"_s);
    QVERIFY(log.resize(log.size() - 20));
    const QList<Frame> frames = framesOf(events(uuid).body);
    QCOMPARE(frames.last().type, u"completion"_s);
    QCOMPARE(frames.last().id, frames[frames.size() - 2].id + 1);
    QCOMPARE(frames.last().data().value(u"status"_s).toString(), u"SUCCESS"_s);
}

QTEST_GUILESS_MAIN(TestServerEvents)
#include "tst_serverevents.moc"
