#include "tests/core/embedded/server/serverfixture.h"

#include <QDir>
#include <QElapsedTimer>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Runs of commands: their fields, what they leave, how they are cancelled.
class TestServerInstances : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aRunYieldsAnImage();
    void anUnchangedRunYieldsTheSameImage();
    void exitCodesAndSignalsAreSuccess();
    void shellArgumentsAreQuoted();
    void environmentComesFromImageAndRequest();
    void preservedEnvironmentMakesANewImage();
    void filesAreStagedWithEverySpellingOfModes();
    void outputIsCutAndEncoded();
    void stdinIsClosedAfterItsData();
    void timeOutLeavesNoImage();
    void disposableLeavesNoImage();
    void folderWhereAFileShallBeFails();
    void cancelEndsTheProcess();
    void inflightShowsPartialOutput();
    void secretsAreNotKept();
    void operationsAreListed();

private:
    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerInstances::aRunYieldsAnImage()
{
    const Reply started =
        m_fixture->client().post("/v1/instances", {{u"command"_s, u"echo hi > /made; echo done"_s},
                                                   {u"shell"_s, true},
                                                   {u"image"_s, u"tag:busybox:latest"_s}});
    QCOMPARE(started.status, 201);
    const QString uuid = started.text(u"uuid"_s);
    QCOMPARE(started.header("Location"), u"/v1/operations/"_s + uuid);
    const QJsonObject operation = m_fixture->waitFor(uuid);
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(operation.value(u"kind"_s).toString(), u"instance"_s);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(-5), 0);
    QCOMPARE(stateOf(operation).value(u"signal"_s).toInt(), -1);
    QCOMPARE(stateOf(operation).size(), 7);
    QCOMPARE(outputOf(operation), u"done\n"_s);
    QCOMPARE(resultOf(operation).value(u"resources"_s).toObject().size(), 16);
    const QString image = imageOf(operation);
    QVERIFY(!image.isEmpty() && image != m_fixture->busybox());
    QCOMPARE(operation.value(u"result_image_uuid"_s).toString(), image);
    QVERIFY(operation.value(u"image_size"_s).toInteger() > 0);
    QCOMPARE(m_fixture->store().image(image)->operation, uuid);
    QCOMPARE(outputOf(m_fixture->shell(u"cat /made"_s, {{u"image"_s, image}})), u"hi\n"_s);
}

void TestServerInstances::anUnchangedRunYieldsTheSameImage()
{
    const QJsonObject operation = m_fixture->run({{u"command"_s, u"true"_s}});
    QCOMPARE(imageOf(operation), m_fixture->busybox());
}

void TestServerInstances::exitCodesAndSignalsAreSuccess()
{
    const QJsonObject failing = m_fixture->shell(u"touch /x; exit 3"_s);
    QCOMPARE(statusOf(failing), u"SUCCESS"_s);
    QCOMPARE(stateOf(failing).value(u"exit_code"_s).toInt(), 3);
    QVERIFY(!imageOf(failing).isEmpty());
    const QJsonObject killed = m_fixture->shell(u"kill -9 $$"_s);
    QCOMPARE(stateOf(killed).value(u"exit_code"_s).toInt(), -1);
    QCOMPARE(stateOf(killed).value(u"signal"_s).toInt(), 9);
    const QJsonObject missing = m_fixture->run({{u"command"_s, u"no-such-program"_s}});
    QCOMPARE(statusOf(missing), u"SUCCESS"_s);
    QCOMPARE(stateOf(missing).value(u"exit_code"_s).toInt(), 127);
    QVERIFY(!outputOf(missing, u"stderr"_s).isEmpty());
}

void TestServerInstances::shellArgumentsAreQuoted()
{
    QCOMPARE(outputOf(m_fixture->shell(u"echo"_s, {{u"args"_s, QJsonArray{u"a  b"_s, u"it's $HOME"_s}}})),
             u"a  b it's $HOME\n"_s);
    QCOMPARE(
        outputOf(m_fixture->run({{u"command"_s, u"echo"_s}, {u"args"_s, QJsonArray{u"x y"_s, u"$HOME"_s}}})),
        u"x y $HOME\n"_s);
}

void TestServerInstances::environmentComesFromImageAndRequest()
{
    const QByteArray config = R"({"config":{"Env":["FROM_IMAGE=1","BOTH=image"],"WorkingDir":"/work"}})";
    const QString image =
        m_fixture->store()
            .createImage({.layers = m_fixture->store().image(m_fixture->busybox())->layers, .config = config})
            ->uuid;
    const QJsonObject run = m_fixture->shell(
        u"echo $FROM_IMAGE $BOTH $HOME; pwd; hostname; case $PATH in *sbin*) echo path;; esac"_s,
        {{u"image"_s, image}, {u"env"_s, QJsonObject{{u"BOTH"_s, u"request"_s}}}});
    QCOMPARE(outputOf(run), u"1 request /root\n/work\nlinuxkit\npath\n"_s);
    QCOMPARE(m_fixture->store().image(imageOf(run))->config, config);
    QCOMPARE(
        outputOf(m_fixture->shell(
            u"pwd; hostname; id -u; id -g"_s,
            {{u"cwd"_s, u"/made/by/run"_s}, {u"hostname"_s, u"box"_s}, {u"uid"_s, 1000}, {u"gid"_s, 7}})),
        u"/made/by/run\nbox\n1000\n7\n"_s);
}

void TestServerInstances::preservedEnvironmentMakesANewImage()
{
    const QJsonObject env{{u"KEPT"_s, u"yes"_s}};
    const QJsonObject first = m_fixture->shell(u"true"_s, {{u"env"_s, env}, {u"preserve_env"_s, true}});
    const QString image = imageOf(first);
    QVERIFY(image != m_fixture->busybox());
    const QJsonObject second = m_fixture->shell(u"echo $KEPT"_s, {{u"image"_s, image}});
    QCOMPARE(outputOf(second), u"yes\n"_s);
    QCOMPARE(imageOf(second), image);
    QCOMPARE(imageOf(m_fixture->shell(u"true"_s,
                                      {{u"image"_s, image}, {u"env"_s, env}, {u"preserve_env"_s, true}})),
             image);
    QCOMPARE(outputOf(m_fixture->shell(u"echo -$KEPT-"_s)), u"--\n"_s);
}

void TestServerInstances::filesAreStagedWithEverySpellingOfModes()
{
    const QString uuid =
        Reply(m_fixture->client().Post("/v1/files", "staged", "application/octet-stream")).text(u"uuid"_s);
    const std::pair<QJsonValue, QString> modes[] = {{u"0644"_s, u"644"_s},   {u"755"_s, u"755"_s},
                                                    {u"0o600"_s, u"600"_s},  {u"0o100640"_s, u"640"_s},
                                                    {u"04755"_s, u"4755"_s}, {0600, u"600"_s}};
    QJsonObject files;
    QString script;
    QString expected;
    int number = 0;
    for (const auto &[mode, shown] : modes) {
        const QString path = u"/new/folder/f%1"_s.arg(number++);
        files[path] = QJsonObject{{u"uuid"_s, uuid}, {u"mode"_s, mode}, {u"uid"_s, 5}, {u"gid"_s, 6}};
        script += u"stat -c '%a %u %g' "_s + path + u'\n';
        expected += shown + u" 5 6\n"_s;
    }
    const QJsonObject run =
        m_fixture->shell(script + u"cat /new/folder/f0; stat -c '%a %u' /new"_s, {{u"files"_s, files}});
    QCOMPARE(outputOf(run), expected + u"staged755 0\n"_s);
    QVERIFY(imageOf(run) != m_fixture->busybox());
}

void TestServerInstances::outputIsCutAndEncoded()
{
    const QJsonObject run = m_fixture->shell(u"yes | head -c 100000; printf '\\303\\244' >&2"_s,
                                             {{u"truncate_output_at"_s, 1000}});
    const QJsonObject out = resultOf(run).value(u"stdout"_s).toObject();
    QCOMPARE(out.value(u"value"_s).toString().size(), 1000);
    QVERIFY(out.value(u"truncated"_s).toBool());
    const QJsonObject err = resultOf(run).value(u"stderr"_s).toObject();
    QCOMPARE(err.value(u"encoding"_s).toString(), u"base64"_s);
    QCOMPARE(QByteArray::fromBase64(err.value(u"value"_s).toString().toLatin1()), QByteArray("\303\244"));
    QVERIFY(!err.value(u"truncated"_s).toBool());
}

void TestServerInstances::stdinIsClosedAfterItsData()
{
    const QJsonObject input{{u"value"_s, QString::fromLatin1(QByteArray("via base64\n").toBase64())},
                            {u"encoding"_s, u"base64"_s}};
    QCOMPARE(outputOf(m_fixture->shell(u"cat"_s, {{u"stdin"_s, input}})), u"via base64\n"_s);
    QCOMPARE(
        outputOf(m_fixture->shell(u"/bin/sh"_s, {{u"args"_s, QJsonArray{u"-s"_s, u"--"_s, u"x"_s}},
                                                 {u"stdin"_s, QJsonObject{{u"value"_s, u"echo got $1"_s}}}})),
        u"got x\n"_s);
    QCOMPARE(outputOf(m_fixture->shell(u"cat; echo end"_s)), u"end\n"_s);
}

void TestServerInstances::timeOutLeavesNoImage()
{
    const QJsonObject run = m_fixture->shell(u"touch /x; echo before; sleep 100"_s, {{u"timeout"_s, 1}});
    QCOMPARE(statusOf(run), u"SUCCESS"_s);
    QVERIFY(stateOf(run).value(u"timed_out"_s).toBool());
    QCOMPARE(stateOf(run).value(u"signal"_s).toInt(), 9);
    QCOMPARE(stateOf(run).value(u"exit_code"_s).toInt(), -1);
    QCOMPARE(outputOf(run), u"before\n"_s);
    QVERIFY(imageOf(run).isEmpty());
}

void TestServerInstances::disposableLeavesNoImage()
{
    const QJsonObject run = m_fixture->shell(u"touch /x"_s, {{u"disposable"_s, true}});
    QCOMPARE(statusOf(run), u"SUCCESS"_s);
    QVERIFY(run.value(u"result"_s).toObject().value(u"image"_s).isNull());
}

void TestServerInstances::folderWhereAFileShallBeFails()
{
    const QString uuid =
        Reply(m_fixture->client().Post("/v1/files", "x", "application/octet-stream")).text(u"uuid"_s);
    const QJsonObject run =
        m_fixture->shell(u"true"_s, {{u"files"_s, QJsonObject{{u"/bin"_s, QJsonObject{{u"uuid"_s, uuid}}}}}});
    QCOMPARE(statusOf(run), u"FAILED"_s);
    QVERIFY(run.value(u"error"_s).toString().contains(u"/bin"_s));
    // Nothing is left: no draft, no mount.
    QTRY_VERIFY(QDir(QString::fromStdString(m_fixture->store().folder()) + u"/active"_s)
                    .entryList(QDir::Dirs | QDir::NoDotAndDotDot)
                    .isEmpty());
}

void TestServerInstances::cancelEndsTheProcess()
{
    SocketClient client = m_fixture->client();
    const QString uuid = client
                             .post("/v1/instances", {{u"command"_s, u"echo started; sleep 1000"_s},
                                                     {u"shell"_s, true},
                                                     {u"image"_s, m_fixture->busybox()},
                                                     {u"timeout"_s, 600}})
                             .text(u"uuid"_s);
    const std::string path = "/v1/operations/" + uuid.toStdString();
    QTRY_COMPARE(outputOf(Reply(client.Get(path + "?inflight=1")).json()), u"started\n"_s);
    QElapsedTimer timer;
    timer.start();
    const Reply cancelled = client.Delete(path);
    QCOMPARE(cancelled.status, 202);
    const QJsonObject operation = m_fixture->waitFor(uuid);
    QVERIFY(timer.elapsed() < 10'000);
    QCOMPARE(statusOf(operation), u"CANCELLED"_s);
    QVERIFY(imageOf(operation).isEmpty());
    QCOMPARE(outputOf(operation), u"started\n"_s);
    QCOMPARE(Reply(client.Delete(path)).status, 409);
}

void TestServerInstances::inflightShowsPartialOutput()
{
    SocketClient client = m_fixture->client();
    const QString uuid = client
                             .post("/v1/instances", {{u"command"_s, u"echo one; sleep 1000"_s},
                                                     {u"shell"_s, true},
                                                     {u"image"_s, m_fixture->busybox()},
                                                     {u"timeout"_s, 600}})
                             .text(u"uuid"_s);
    const std::string path = "/v1/operations/" + uuid.toStdString();
    QTRY_COMPARE(outputOf(Reply(client.Get(path + "?inflight=1")).json()), u"one\n"_s);
    const QJsonObject live = Reply(client.Get(path + "?inflight=1")).json();
    QCOMPARE(statusOf(live), u"EXECUTING"_s);
    QCOMPARE(stateOf(live).value(u"exit_code"_s).toInt(), -1);
    QVERIFY(!Reply(client.Get(path)).json().value(u"metadata"_s).toObject().contains(u"result"_s));
    QCOMPARE(Reply(client.Get("/v1/operations?status=EXECUTING")).array().size(), 1);
    QCOMPARE(Reply(client.Get("/v1/whoami"))
                 .json()
                 .value(u"operations_stat"_s)
                 .toObject()
                 .value(u"EXECUTING"_s)
                 .toInt(),
             1);
    client.Delete(path);
    QCOMPARE(statusOf(m_fixture->waitFor(uuid)), u"CANCELLED"_s);
}

void TestServerInstances::secretsAreNotKept()
{
    const QJsonObject run = m_fixture->shell(
        u"true"_s, {{u"env"_s, QJsonObject{{u"API_TOKEN"_s, u"hunter2"_s}, {u"PLAIN"_s, u"seen"_s}}}});
    const QJsonObject env = run.value(u"metadata"_s).toObject().value(u"env"_s).toObject();
    QCOMPARE(env.value(u"API_TOKEN"_s).toString(), u"<MASKED>"_s);
    QCOMPARE(env.value(u"PLAIN"_s).toString(), u"seen"_s);
    const Reply events = m_fixture->client().Get("/v1/operations/" +
                                                 run.value(u"uuid"_s).toString().toStdString() + "/events");
    QVERIFY(!events.body.contains("hunter2"));
}

void TestServerInstances::operationsAreListed()
{
    const QString uuid = m_fixture->run({{u"command"_s, u"true"_s}}).value(u"uuid"_s).toString();
    SocketClient client = m_fixture->client();
    const QJsonArray newest =
        Reply(client.Get("/v1/operations?limit=1&kind=instance&status=SUCCESS")).array();
    QCOMPARE(newest.size(), 1);
    QCOMPARE(newest[0].toObject().value(u"uuid"_s).toString(), uuid);
    QVERIFY(!newest[0].toObject().contains(u"metadata"_s));
    for (const QString &key :
         {u"kind"_s, u"status"_s, u"error"_s, u"created_at"_s, u"duration"_s, u"image_size"_s,
          u"consumed_cpu"_s, u"consumed_memory"_s, u"image_uuid"_s, u"result_image_uuid"_s})
        QVERIFY2(newest[0].toObject().contains(key), qPrintable(key));
    QCOMPARE(Reply(client.Get("/v1/operations?kind=image_import")).array().size(), 0);
}

QTEST_GUILESS_MAIN(TestServerInstances)
#include "tst_serverinstances.moc"
