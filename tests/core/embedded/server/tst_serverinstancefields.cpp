#include "core/embedded/store/staging.h"
#include "tests/core/embedded/server/eventframes.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QElapsedTimer>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Fields of POST /instances that tst_serverinstances does not meet (contract 2.5, 8 and 9).
class TestServerInstanceFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void workingFolderDefaultsToTheImages();
    void workingFolderMayBeMissing();
    void aLayerThatGrowsTooLargeEndsTheCommand();
    void aLayerJustTooLargeIsNotKept();
    void aLayerWithinItsLimitIsKept();
    void withoutNetworkOnlyLoopback();
    void environmentPrecedence();
    void bothStreamsAreCut();
    void unexecutableIs126();
    void timeOutsAreCapped();
    void unknownImagesAndFilesAre404();
    void nullsAreAbsentAndUnknownFieldsIgnored();
    void answerEchoesTheRequest();

private:
    [[nodiscard]] QList<Frame> events(const QJsonObject &operation)
    {
        return framesOf(
            Reply(m_fixture->client().Get("/v1/operations/" +
                                          operation.value(u"uuid"_s).toString().toStdString() + "/events"))
                .body);
    }
    [[nodiscard]] int post(QJsonObject request)
    {
        if (!request.contains(u"image"_s))
            request[u"image"_s] = m_fixture->busybox();
        return m_fixture->client().post("/v1/instances", request).status;
    }
    [[nodiscard]] qsizetype layers() const
    {
        return QDir(QString::fromStdString(m_fixture->store().folder()) + u"/layers"_s)
            .entryList(QDir::Dirs | QDir::NoDotAndDotDot)
            .size();
    }

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerInstanceFields::workingFolderDefaultsToTheImages()
{
    for (const int user : {0, 1000})
        QCOMPARE(outputOf(m_fixture->shell(u"pwd"_s, {{u"uid"_s, user}})), u"/root\n"_s);
    const QJsonObject without = m_fixture->shell(u"rm -rf /root"_s, {{u"cwd"_s, u"/"_s}});
    for (const int user : {0, 1000})
        QCOMPARE(outputOf(m_fixture->shell(u"pwd"_s, {{u"image"_s, imageOf(without)}, {u"uid"_s, user}})),
                 u"/\n"_s);
    const QString image = m_fixture->store()
                              .createImage({.layers = m_fixture->store().image(m_fixture->busybox())->layers,
                                            .config = R"({"config":{"WorkingDir":"/srv/app"}})"})
                              ->uuid;
    QCOMPARE(outputOf(m_fixture->shell(u"pwd"_s, {{u"image"_s, image}, {u"uid"_s, 1000}})), u"/srv/app\n"_s);
    QCOMPARE(outputOf(m_fixture->shell(u"pwd"_s, {{u"image"_s, image}, {u"cwd"_s, u"/tmp"_s}})), u"/tmp\n"_s);
}

void TestServerInstanceFields::workingFolderMayBeMissing()
{
    const QJsonObject run =
        m_fixture->shell(u"touch here"_s, {{u"cwd"_s, u"/new/one"_s}, {u"uid"_s, 33}, {u"gid"_s, 34}});
    QCOMPARE(stateOf(run).value(u"exit_code"_s).toInt(), 0);
    QCOMPARE(outputOf(m_fixture->shell(u"stat -c '%u %g %a' /new/one /new/one/here"_s,
                                       {{u"image"_s, imageOf(run)}})),
             u"33 34 755\n33 34 644\n"_s);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"cwd"_s, u"relative"_s}}), 400);
    const QJsonObject file = m_fixture->run({{u"command"_s, u"true"_s}, {u"cwd"_s, u"/etc/passwd"_s}});
    QCOMPARE(statusOf(file), u"FAILED"_s);
    QVERIFY(file.value(u"error"_s).toString().contains(u"/etc/passwd"_s));
}

void TestServerInstanceFields::aLayerThatGrowsTooLargeEndsTheCommand()
{
    const qsizetype before = layers();
    QElapsedTimer timer;
    timer.start();
    const QJsonObject run = m_fixture->shell(
        u"echo begun; head -c 8000000 /dev/zero > /big; sleep 100"_s,
        {{u"timeout"_s, 90}, {u"resources_limits"_s, QJsonObject{{u"max_layer_bytes"_s, 4'000'000}}}});
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(statusOf(run), u"FAILED"_s);
    QVERIFY(run.value(u"error"_s).toString().contains(u"4000000"_s));
    QVERIFY(run.value(u"result_image_uuid"_s).isNull());
    QCOMPARE(outputOf(run), u"begun\n"_s);
    const QList<Frame> frames = events(run);
    QCOMPARE(typesOf(frames), (QStringList{u"init"_s, u"network"_s, u"spawn"_s, u"stdout"_s, u"exit"_s,
                                           u"size_cap"_s, u"shutdown"_s, u"completion"_s}));
    QCOMPARE(frames[4].data().value(u"signal"_s).toInt(), 9);
    QCOMPARE(frames[5].data().value(u"limit_bytes"_s).toInteger(), 4'000'000);
    QVERIFY(frames[5].data().value(u"file_size"_s).toInteger() > 4'000'000);
    QCOMPARE(frames[6].data().value(u"reason"_s).toString(), u"size_cap"_s);
    QCOMPARE(frames[7].data().value(u"error"_s), run.value(u"error"_s));
    QCOMPARE(layers(), before);
}

void TestServerInstanceFields::aLayerJustTooLargeIsNotKept()
{
    // Sparse and quickly made: only the size at the end shows it.
    const QJsonObject run =
        m_fixture->shell(u"dd if=/dev/zero of=/sparse bs=1 count=1 seek=9000000 2>/dev/null"_s,
                         {{u"resources_limits"_s, QJsonObject{{u"max_layer_bytes"_s, 4'000'000}}}});
    QCOMPARE(statusOf(run), u"FAILED"_s);
    QVERIFY(typesOf(events(run)).contains(u"size_cap"_s));
    QVERIFY(imageOf(run).isEmpty());
}

void TestServerInstanceFields::aLayerWithinItsLimitIsKept()
{
    const QJsonObject run = m_fixture->shell(
        u"for i in 1 2 3 4 5 6 7 8; do head -c 3000000 /dev/zero > /f; rm /f; done; echo x > /kept"_s,
        {{u"resources_limits"_s, QJsonObject{{u"max_layer_bytes"_s, 4'000'000}}}});
    QCOMPARE(statusOf(run), u"SUCCESS"_s);
    QVERIFY(!imageOf(run).isEmpty());
}

void TestServerInstanceFields::withoutNetworkOnlyLoopback()
{
    const QJsonObject off{{u"networking"_s, QJsonObject{{u"enabled"_s, false}}}};
    QCOMPARE(outputOf(m_fixture->shell(u"ls /sys/class/net; cat /etc/resolv.conf; hostname"_s, off)),
             u"lo\nlinuxkit\n"_s);
    const QJsonObject on = m_fixture->shell(u"readlink /proc/self/ns/net"_s);
    QVERIFY(outputOf(on) != outputOf(m_fixture->shell(u"readlink /proc/self/ns/net"_s, off)));
}

void TestServerInstanceFields::environmentPrecedence()
{
    const QString base =
        m_fixture->store()
            .createImage({.layers = m_fixture->store().image(m_fixture->busybox())->layers,
                          .config = R"({"config":{"Env":["A=image","B=image","C=image","PATH=/bin"]}})"})
            ->uuid;
    const QJsonObject kept =
        m_fixture->shell(u"true"_s, {{u"image"_s, base},
                                     {u"preserve_env"_s, true},
                                     {u"env"_s, QJsonObject{{u"B"_s, u"kept"_s}, {u"C"_s, u"kept"_s}}}});
    QVERIFY(imageOf(kept) != base);
    const QJsonObject last =
        m_fixture->shell(u"echo $A $B $C $PATH $HOME"_s,
                         {{u"image"_s, imageOf(kept)},
                          {u"env"_s, QJsonObject{{u"C"_s, u"request"_s}, {u"HOME"_s, u"/elsewhere"_s}}}});
    QCOMPARE(outputOf(last), u"image kept request /bin /elsewhere\n"_s);
    // Without preserve_env nothing of it stays, and the input image is as it was.
    QCOMPARE(imageOf(last), imageOf(kept));
    QCOMPARE(outputOf(m_fixture->shell(u"echo $B"_s, {{u"image"_s, base}})), u"image\n"_s);
}

void TestServerInstanceFields::bothStreamsAreCut()
{
    const QJsonObject run =
        m_fixture->shell(u"yes | head -c 5000; yes | head -c 7000 >&2"_s, {{u"truncate_output_at"_s, 100}});
    QStringList cut;
    for (const Frame &frame : events(run))
        if (frame.type == u"truncated"_s)
            cut << u"%1 %2 %3"_s.arg(frame.data().value(u"stream"_s).toString())
                       .arg(frame.data().value(u"bytes_emitted"_s).toInt())
                       .arg(frame.data().value(u"bytes_dropped"_s).toInt());
    QCOMPARE(cut, (QStringList{u"stdout 100 4900"_s, u"stderr 100 6900"_s}));
    const QJsonObject none = m_fixture->shell(u"echo x"_s, {{u"truncate_output_at"_s, 0}});
    QCOMPARE(outputOf(none), QString());
    QVERIFY(resultOf(none).value(u"stdout"_s).toObject().value(u"truncated"_s).toBool());
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"truncate_output_at"_s, -1}}), 400);
}

void TestServerInstanceFields::unexecutableIs126()
{
    const QJsonObject run = m_fixture->run({{u"command"_s, u"/etc/passwd"_s}});
    QCOMPARE(statusOf(run), u"SUCCESS"_s);
    QCOMPARE(stateOf(run).value(u"exit_code"_s).toInt(), 126);
    QVERIFY(outputOf(run, u"stderr"_s).startsWith(u"/etc/passwd: "_s));
}

void TestServerInstanceFields::timeOutsAreCapped()
{
    const int most = Reply(m_fixture->client().Get("/v1/whoami"))
                         .json()
                         .value(u"limits"_s)
                         .toObject()
                         .value(u"instance_max_timeout"_s)
                         .toInt();
    QVERIFY(most > 0);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"timeout"_s, most + 1}}), 400);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"timeout"_s, 0}}), 400);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"timeout"_s, most}}), 201);
}

void TestServerInstanceFields::unknownImagesAndFilesAre404()
{
    const QString unknown = u"00000000-0000-4000-8000-000000000000"_s;
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"image"_s, unknown}}), 404);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"image"_s, u"tag:no-such"_s}}), 404);
    QCOMPARE(post({{u"command"_s, u"true"_s}, {u"image"_s, u"no-such"_s}}), 400);
    QCOMPARE(post({{u"command"_s, u"true"_s},
                   {u"files"_s, QJsonObject{{u"/x"_s, QJsonObject{{u"uuid"_s, unknown}}}}}}),
             404);
}

void TestServerInstanceFields::nullsAreAbsentAndUnknownFieldsIgnored()
{
    QJsonObject request{{u"command"_s, u"true"_s}, {u"surprise"_s, 1}};
    for (const QString &key : {u"args"_s, u"shell"_s, u"env"_s, u"preserve_env"_s, u"cwd"_s, u"hostname"_s,
                               u"uid"_s, u"gid"_s, u"stdin"_s, u"timeout"_s, u"truncate_output_at"_s,
                               u"disposable"_s, u"files"_s, u"resources_limits"_s, u"networking"_s})
        request[key] = QJsonValue::Null;
    const QJsonObject run = m_fixture->run(request);
    QCOMPARE(statusOf(run), u"SUCCESS"_s);
    QCOMPARE(run.value(u"metadata"_s).toObject().value(u"timeout"_s).toInt(), 60);
}

void TestServerInstanceFields::answerEchoesTheRequest()
{
    const Reply reply = m_fixture->client().post(
        "/v1/instances", {{u"command"_s, u"true"_s},
                          {u"image"_s, m_fixture->busybox()},
                          {u"hostname"_s, u"box"_s},
                          {u"resources_limits"_s, QJsonObject{{u"max_layer_bytes"_s, 5'000'000}}},
                          {u"stdin"_s, QJsonObject{{u"value"_s, u"hidden"_s}}}});
    QCOMPARE(reply.text(u"hostname"_s), u"box"_s);
    QCOMPARE(reply.json().value(u"resources_limits"_s).toObject().value(u"max_layer_bytes"_s).toInt(),
             5'000'000);
    QVERIFY(reply.body.find("hidden") == std::string::npos);
    QCOMPARE(statusOf(m_fixture->waitFor(reply.text(u"uuid"_s))), u"SUCCESS"_s);
}

QTEST_GUILESS_MAIN(TestServerInstanceFields)
#include "tst_serverinstancefields.moc"
