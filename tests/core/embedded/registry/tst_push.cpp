#include "core/embedded/archive/exportdocuments.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/registry/pull.h"
#include "core/embedded/store/layerblobtable.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/registry/layersource.h"
#include "tests/core/embedded/registry/tcprelay.h"
#include "tests/support/processes.h"

#include <QProcess>

using namespace cooperage;
using namespace cooperage::test;
using namespace cooperage::embedded;
using namespace Qt::StringLiterals;

static const QString s_canary = u"CANARY-77d0"_s;

/// Against a real registry, looked at with skopeo.
class PushTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void sendsOwnLayersOnceOnly();
    void comesBackTheSame_data();
    void comesBackTheSame();
    void keepsWhatItPulled();
    void mountsFromTheRepositoryNextDoor();
    void sendsAgainWhatTheRegistryHasLost();
    void sendsLargeBlobsInChunks();
    void goesOnAfterACutConnection_data();
    void goesOnAfterACutConnection();
    void signsIn();
    void tellsARefusal_data();
    void tellsARefusal();
    void wantsATag();
    void stops();

private:
    [[nodiscard]] static Result<PushedImage> push(StoreFixture &fixture, const StoredImage &image,
                                                  const QString &reference, PushRequest request = {})
    {
        request.access.reference = images::Reference::parse(reference).value();
        return pushImage(fixture.store(), image, request, {}, {});
    }
    [[nodiscard]] static Result<ImportedLayers> pull(StoreFixture &fixture, const QString &reference)
    {
        return pullImage(fixture.store(), {images::Reference::parse(reference).value()}, {}, {});
    }
    [[nodiscard]] static QByteArray skopeo(const QStringList &arguments)
    {
        QProcess process;
        process.start(u"skopeo"_s, QStringList{u"--insecure-policy"_s} + arguments);
        if (!process.waitForFinished(60'000) || process.exitCode() != 0)
            return process.readAllStandardError();
        return process.readAllStandardOutput().trimmed();
    }

    Registry m_open;
    Registry m_closed;
};

void PushTest::initTestCase()
{
    const auto open = m_open.start();
    QVERIFY2(open, why(open).constData());
    const auto closed = m_closed.start(u"user"_s, s_canary);
    QVERIFY2(closed, why(closed).constData());
}

void PushTest::init()
{
    (void)m_open.log();
}

void PushTest::sendsOwnLayersOnceOnly()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"a"_s, noise(50'000)}, {u"b"_s, "two"}});
    const QString name = m_open.reference(u"own/app:1"_s);
    const auto first = push(fixture, image, name);
    QVERIFY2(first, why(first).constData());
    QCOMPARE(m_open.log().count("\"PUT /v2/own/app/blobs/uploads/"), 3); // Two layers and the config.
    QCOMPARE(skopeo({u"inspect"_s, u"--tls-verify=false"_s, u"--format"_s, u"{{.Digest}}"_s,
                     u"docker://"_s + name}),
             first->digest);
    const auto again = push(fixture, image, m_open.reference(u"own/app:2"_s));
    QVERIFY2(again, why(again).constData());
    QCOMPARE(again->digest, first->digest);
    QCOMPARE(m_open.log().count("/blobs/uploads/"), 0);
}

void PushTest::comesBackTheSame_data()
{
    QTest::addColumn<int>("compression");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("gzip") << int(Compression::Gzip) << QByteArray("tar+gzip");
    QTest::newRow("zstd") << int(Compression::Zstd) << QByteArray("tar+zstd");
}

void PushTest::comesBackTheSame()
{
    QFETCH(int, compression);
    StoreFixture fixture;
    const QByteArray config = R"({"config":{"Env":["A=1.10"],"Cmd":["sh"]},"x-own":[1.5]})";
    const StoredImage image = ownImage(fixture, {{u"a"_s, noise(300'000)}, {u"b"_s, "two"}}, config);
    const QString name = m_open.reference(u"back/app:"_s) + QString::fromLatin1(QTest::currentDataTag());
    const auto pushed = push(fixture, image, name, {.access = {}, .compression = Compression(compression)});
    QVERIFY2(pushed, why(pushed).constData());
    QTEST(skopeo({u"inspect"_s, u"--raw"_s, u"--tls-verify=false"_s, u"docker://"_s + name})
                  .contains("tar+zstd")
              ? QByteArray("tar+zstd")
              : QByteArray("tar+gzip"),
          "type");
    StoreFixture other;
    const auto back = pull(other, name);
    QVERIFY2(back, why(back).constData());
    QCOMPARE(other.content(back->layers[0], u"a"_s), noise(300'000));
    QCOMPARE(other.content(back->layers[1], u"b"_s), "two");
    const QJsonObject object = QJsonDocument::fromJson(back->config).object();
    QCOMPARE(object[u"x-own"_s].toArray().first().toDouble(), 1.5);
    QCOMPARE(object[u"config"_s].toObject()[u"Cmd"_s].toArray().first().toString(), u"sh"_s);
    QCOMPARE(object[u"history"_s].toArray().size(), 2);
    // And out again from there, to another repository: the same digest, so the same image.
    const StoredImage copy =
        other.store().createImage({.layers = back->layers, .config = back->config}).value();
    const auto onward = push(other, copy, m_open.reference(u"onward/app:1"_s));
    QVERIFY2(onward, why(onward).constData());
    QCOMPARE(onward->digest, pushed->digest);
}

void PushTest::keepsWhatItPulled()
{
    TestImage foreign({tarOf({folder("tmp", 01777), file("etc/a", "1")}), tarOf({file("etc/.wh.a", "")})});
    QTemporaryDir folder;
    foreign.writeTo(folder.filePath(u"layout"_s));
    const QString name = m_open.reference(u"foreign/app:1"_s);
    QCOMPARE(skopeo({u"copy"_s, u"-q"_s, u"--dest-tls-verify=false"_s,
                     u"oci:"_s + folder.filePath(u"layout"_s), u"docker://"_s + name}),
             QByteArray());
    StoreFixture fixture;
    const auto pulled = pull(fixture, name);
    QVERIFY2(pulled, why(pulled).constData());
    (void)m_open.log();
    const StoredImage image = ownImage(fixture, {{u"new"_s, "layer"}}, pulled->config, pulled->layers);
    const auto pushed = push(fixture, image, m_open.reference(u"foreign/app:2"_s));
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(m_open.log().count("\"PUT /v2/foreign/app/blobs/uploads/"), 2); // The new layer and the config.
    const QByteArray manifest = skopeo({u"inspect"_s, u"--raw"_s, u"--tls-verify=false"_s,
                                        u"docker://"_s + m_open.reference(u"foreign/app:2"_s)});
    for (const QByteArray &layer : foreign.layers())
        QVERIFY(manifest.contains(layer));
    const StoredImage same =
        fixture.store().createImage({.layers = pulled->layers, .config = pulled->config}).value();
    const auto unchanged = push(fixture, same, m_open.reference(u"foreign/app:3"_s));
    QVERIFY2(unchanged, why(unchanged).constData());
    QVERIFY(skopeo({u"inspect"_s, u"--raw"_s, u"--tls-verify=false"_s,
                    u"docker://"_s + m_open.reference(u"foreign/app:3"_s)})
                .contains(digest(foreign.config())));
}

void PushTest::mountsFromTheRepositoryNextDoor()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"big"_s, noise(200'000)}});
    QVERIFY(push(fixture, image, m_open.reference(u"from/app:1"_s)));
    (void)m_open.log();
    const auto pushed = push(fixture, image, m_open.reference(u"to/app:1"_s));
    QVERIFY2(pushed, why(pushed).constData());
    const QByteArray log = m_open.log();
    QCOMPARE(log.count("blobs/uploads/?mount="), 1);
    QCOMPARE(log.count("\"PUT /v2/to/app/blobs/uploads/"), 1); // The config alone.
    QVERIFY(pull(fixture, m_open.reference(u"to/app:1"_s)));
}

void PushTest::sendsAgainWhatTheRegistryHasLost()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"a"_s, "content"}});
    LayerBlobTable table(fixture.store().database());
    const LayerBlobRow lost{image.layers[0],
                            m_open.reference(u"lost/app"_s),
                            "sha256:" + QByteArray(64, '1'),
                            "sha256:" + QByteArray(64, '2'),
                            100,
                            u"application/vnd.oci.image.layer.v1.tar+gzip"_s};
    QVERIFY(table.add(lost));
    const auto pushed = push(fixture, image, m_open.reference(u"lost/app:1"_s));
    QVERIFY2(pushed, why(pushed).constData());
    const auto rows = table.of(image.layers[0]).value();
    QCOMPARE(rows.size(), 1);
    QVERIFY(rows.first().digest != lost.digest);
    QVERIFY(pull(fixture, m_open.reference(u"lost/app:1"_s)));
}

void PushTest::sendsLargeBlobsInChunks()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"big"_s, noise(1'000'000)}});
    const QString name = m_open.reference(u"chunks/app:1"_s);
    const auto pushed = push(fixture, image, name, {.access = {}, .chunkSize = 300'000});
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(m_open.log().count("\"PATCH /v2/chunks/app/blobs/uploads/"), 4);
    StoreFixture other;
    const auto back = pull(other, name);
    QVERIFY2(back, why(back).constData());
    QCOMPARE(other.content(back->layers[0], u"big"_s), noise(1'000'000));
}

void PushTest::goesOnAfterACutConnection_data()
{
    QTest::addColumn<int>("chunk");
    QTest::newRow("chunks") << 500'000;
    QTest::newRow("whole") << 100'000'000;
}

void PushTest::goesOnAfterACutConnection()
{
    QFETCH(int, chunk);
    TcpRelay relay(m_open.port());
    relay.cutOnceAfter(1'300'000);
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"big"_s, noise(2'000'000)}});
    const QString name = u"/cut/app:%1"_s.arg(chunk);
    const auto pushed =
        push(fixture, image, u"127.0.0.1:%1"_s.arg(relay.port()) + name, {.access = {}, .chunkSize = chunk});
    QVERIFY2(pushed, why(pushed).constData());
    QVERIFY(relay.hasCut());
    StoreFixture other;
    const auto back = pull(other, m_open.reference(name.sliced(1)));
    QVERIFY2(back, why(back).constData());
    QCOMPARE(other.content(back->layers[0], u"big"_s), noise(2'000'000));
}

void PushTest::signsIn()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"a"_s, "content"}});
    const QString name = m_closed.reference(u"app:1"_s);
    const auto pushed = push(fixture, image, name,
                             {.access = {.reference = {}, .username = u"user"_s, .password = s_canary}});
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(skopeo({u"inspect"_s, u"--tls-verify=false"_s, u"--creds"_s, u"user:"_s + s_canary,
                     u"--format"_s, u"{{.Digest}}"_s, u"docker://"_s + name}),
             pushed->digest);
}

void PushTest::tellsARefusal_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("words");
    QTest::newRow("anonymous") << QString() << u"asks for a user name"_s;
    QTest::newRow("wrong password") << u"user"_s << u"does not accept"_s;
}

void PushTest::tellsARefusal()
{
    QFETCH(QString, user);
    QFETCH(QString, words);
    StoreFixture fixture;
    const auto pushed = push(
        fixture, ownImage(fixture, {{u"a"_s, "content"}}), m_closed.reference(u"app:1"_s),
        {.access = {.reference = {}, .username = user, .password = user.isEmpty() ? user : s_canary + u'x'}});
    QVERIFY(!pushed);
    QCOMPARE(pushed.error().kind, ErrorKind::Denied);
    QVERIFY2(pushed.error().what.contains(words), why(pushed).constData());
    QVERIFY(!pushed.error().text().contains(s_canary));
}

void PushTest::wantsATag()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"a"_s, "content"}});
    const auto pushed = push(fixture, image, m_open.reference(u"app@sha256:"_s + QString(64, u'0')));
    QCOMPARE(pushed.error().kind, ErrorKind::BadInput);
}

void PushTest::stops()
{
    StoreFixture fixture;
    const StoredImage image = ownImage(fixture, {{u"big"_s, noise(1'000'000)}});
    std::stop_source stop;
    PushRequest request{
        .access = {.reference = images::Reference::parse(m_open.reference(u"stop/app:1"_s)).value()},
        .chunkSize = 100'000};
    const auto pushed = pushImage(
        fixture.store(), image, request, [&](qint64, qint64) { stop.request_stop(); }, stop.get_token());
    QVERIFY(!pushed);
    QCOMPARE(pushed.error().kind, ErrorKind::Cancelled);
    QVERIFY(!pull(fixture, m_open.reference(u"stop/app:1"_s)));
}

COOPERAGE_TEST_MAIN_AS_ROOT(PushTest)
#include "tst_push.moc"
