#include "tests/core/embedded/server/serverfixture.h"

#include <QElapsedTimer>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

namespace {

struct Frame
{
    int id = -1;
    QString type;
    QJsonObject envelope;
    [[nodiscard]] QJsonObject data() const { return envelope.value(u"data"_s).toObject(); }
};

} // namespace

static QList<Frame> framesOf(const std::string &stream)
{
    QList<Frame> frames;
    for (const QByteArray &block : QByteArray::fromStdString(stream).replace("\n\n", "\x01").split('\x01')) {
        Frame frame;
        for (const QByteArray &line : block.split('\n')) {
            if (line.startsWith("id: "))
                frame.id = line.mid(4).toInt();
            else if (line.startsWith("event: "))
                frame.type = QString::fromUtf8(line.mid(7));
            else if (line.startsWith("data: "))
                frame.envelope = QJsonDocument::fromJson(line.mid(6)).object();
        }
        if (!frame.type.isEmpty())
            frames += frame;
    }
    return frames;
}

static QStringList typesOf(const QList<Frame> &frames)
{
    QStringList types;
    for (const Frame &frame : frames)
        types += frame.type;
    return types;
}

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
    QCOMPARE(typesOf(frames),
             (QStringList{u"init"_s, u"spawn"_s, u"stdout"_s, u"exit"_s, u"shutdown"_s, u"completion"_s}));
    for (int i = 0; i < frames.size(); ++i) {
        QCOMPARE(frames[i].id, i);
        QCOMPARE(frames[i].envelope.value(u"id"_s).toInt(), i);
        QCOMPARE(frames[i].envelope.value(u"type"_s).toString(), frames[i].type);
        QVERIFY(frames[i].envelope.value(u"ts"_s).toString().endsWith(u'Z'));
    }
    QCOMPARE(frames[2].data().value(u"value"_s).toString(), u"hi\n"_s);
    QCOMPARE(frames[2].envelope.value(u"spid"_s).toInt(), 1);
    QCOMPARE(frames[3].data().value(u"code"_s).toInt(), 0);
    QCOMPARE(frames[3].data().value(u"resources"_s).toObject().size(), 15);
    QCOMPARE(frames[5].data().value(u"status"_s).toString(), u"SUCCESS"_s);
    QCOMPARE(frames[5].data().value(u"result_image_uuid"_s).toString(), imageOf(run));
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
