#include "core/embedded/server/operation.h"
#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QDir>
#include <QFile>

#include <thread>

using namespace cooperage::test;
using namespace cooperage;

class TestServerStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void extensionsAreListed();
    void storageTellsWhatIsShared();
    void removedImageGoesWithItsTags();
    void publicImageStays();
    void unknownImageIsNotFound();
    void wrongRequestsAreRefused_data();
    void wrongRequestsAreRefused();
    void dryRunOnlyTells();
    void inspectedImageCanBeCollected();
    void runningCommandKeepsItsImage();
    void unchangedResultOfARemovedImageIsAnImage();
    void failedImportLeavesNothing();
    void collectingBesideBuildsLosesNothing();
    void oldOperationsAreForgotten();

private:
    Reply get(const std::string &path) { return m_fixture->client().Get(path); }
    Reply collect(const QJsonObject &request = {})
    {
        return m_fixture->client().post("/v1/storage/collect", request);
    }
    Reply remove(const QString &image)
    {
        return m_fixture->client().Delete("/v1/images/" + image.toStdString());
    }
    // An image with one small layer above busybox.
    QString make(const QString &content = u"x"_s)
    {
        return imageOf(m_fixture->shell(u"echo %1 > /made"_s.arg(content)));
    }
    QJsonObject useOf(const QString &image)
    {
        for (const QJsonValue &each : get("/v1/storage").json().value(u"images"_s).toArray())
            if (each[u"uuid"_s].toString() == image)
                return each.toObject();
        return {};
    }
    QString archive()
    {
        const QString path = m_fixture->folder() + u"/image.tar"_s;
        QFile out(path);
        const TestImage image({tarOf({file("one")}), tarOf({file("two", "content")})});
        if (out.open(QFile::WriteOnly))
            out.write(tarOf(image.dockerArchive()));
        return path;
    }

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerStorage::extensionsAreListed()
{
    const QJsonArray extensions = get("/v1/whoami").json().value(u"extensions"_s).toArray();
    QVERIFY(extensions.contains(u"storage"_s) && extensions.contains(u"remove-image"_s));
}

void TestServerStorage::storageTellsWhatIsShared()
{
    const QString image = make();
    const Reply reply = get("/v1/storage");
    QCOMPARE(reply.status, 200);
    const QJsonObject use = useOf(image);
    QVERIFY(use.value(u"unique"_s).toInteger() >= 4096);
    QVERIFY(use.value(u"shared"_s).toInteger() > 500'000);
    QCOMPARE(use.value(u"size"_s).toInteger(),
             use.value(u"shared"_s).toInteger() + use.value(u"unique"_s).toInteger());
    QVERIFY(use.value(u"tags"_s).toArray().isEmpty());
    QCOMPARE(useOf(m_fixture->busybox()).value(u"tags"_s).toArray(), QJsonArray{u"busybox:latest"_s});
    const QJsonObject layers = reply.json().value(u"layers"_s).toObject();
    QVERIFY(layers.value(u"size"_s).toInteger() >= use.value(u"size"_s).toInteger());
    QVERIFY(reply.json().value(u"total"_s).toInteger() >= reply.json().value(u"free"_s).toInteger());
    QVERIFY(!get("/v1/storage?images=0").json().contains(u"images"_s));
}

void TestServerStorage::removedImageGoesWithItsTags()
{
    const QString image = make();
    QVERIFY(m_fixture->store().setTag(image, u"going:1"_s));
    const qint64 unique = useOf(image).value(u"unique"_s).toInteger();
    (void)collect();
    QCOMPARE(remove(image).status, 204);
    QCOMPARE(remove(image).status, 404);
    QCOMPARE(get("/v1/inspect/" + image.toStdString() + "/").status, 404);
    QVERIFY(get("/v1/images?tag=going:1").json().value(u"images"_s).toArray().isEmpty());
    QCOMPARE(get("/v1/storage").json().value(u"reclaimable"_s).toInteger(), unique);
    const QJsonObject freed = collect().json();
    QCOMPARE(freed.value(u"layers"_s).toInteger(), 1);
    QCOMPARE(freed.value(u"freed"_s).toInteger(), unique);
    QTRY_VERIFY(QDir(m_fixture->folder() + u"/a store/trash"_s).isEmpty());
}

void TestServerStorage::publicImageStays()
{
    const Reply refused = remove(m_fixture->busybox());
    QCOMPARE(refused.status, 409);
    QCOMPARE(refused.json().value(u"status"_s).toInt(), 409);
    QVERIFY(m_fixture->store().image(m_fixture->busybox()));
}

void TestServerStorage::unknownImageIsNotFound()
{
    QCOMPARE(remove(u"d3b07384-d113-4ec4-9b5b-0c5a1f2a3b4c"_s).status, 404);
    QCOMPARE(remove(u"..%2f..%2fetc"_s).status, 404);
}

void TestServerStorage::wrongRequestsAreRefused_data()
{
    QTest::addColumn<QJsonObject>("request");
    QTest::newRow("images") << QJsonObject{{u"images"_s, u"all"_s}};
    QTest::newRow("age") << QJsonObject{{u"older_than"_s, -1}};
    QTest::newRow("no number") << QJsonObject{{u"older_than"_s, u"1h"_s}};
    QTest::newRow("flag") << QJsonObject{{u"dry_run"_s, u"yes"_s}};
}

void TestServerStorage::wrongRequestsAreRefused()
{
    QFETCH(const QJsonObject, request);
    QCOMPARE(collect(request).status, 400);
}

void TestServerStorage::dryRunOnlyTells()
{
    const QString image = make();
    const QJsonObject request{{u"dry_run"_s, true}, {u"images"_s, u"untagged"_s}, {u"older_than"_s, 0}};
    QVERIFY(collect(request).json().value(u"images"_s).toArray().contains(image));
    QVERIFY(collect(request).json().value(u"freed"_s).toInteger() > 0);
    QCOMPARE(get("/v1/inspect/" + image.toStdString() + "/").status, 200);
    QVERIFY(!collect({{u"dry_run"_s, true}, {u"images"_s, u"untagged"_s}})
                 .json()
                 .value(u"images"_s)
                 .toArray()
                 .contains(image));
}

void TestServerStorage::inspectedImageCanBeCollected()
{
    const QString image = make();
    QCOMPARE(get("/v1/inspect/" + image.toStdString() + "/list?path=/").status, 200);
    QCOMPARE(remove(image).status, 204);
    QCOMPARE(collect().json().value(u"layers"_s).toInteger(), 1);
}

void TestServerStorage::runningCommandKeepsItsImage()
{
    const QString image = make(u"base"_s);
    (void)collect();
    const Reply started = m_fixture->client().post(
        "/v1/instances", {{u"image"_s, image},
                          {u"shell"_s, true},
                          {u"command"_s, u"echo begun; sleep 2; cat /made > /copy"_s}});
    QCOMPARE(started.status, 201);
    const QString uuid = started.text(u"uuid"_s);
    QTRY_VERIFY(get("/v1/operations/" + uuid.toStdString() + "/events").body.find("begun") !=
                std::string::npos);
    QVERIFY(!collect({{u"images"_s, u"untagged"_s}, {u"older_than"_s, 0}})
                 .json()
                 .value(u"images"_s)
                 .toArray()
                 .contains(image));
    QCOMPARE(remove(image).status, 204);
    QCOMPARE(collect().json().value(u"layers"_s).toInteger(), 0);
    const QString result = imageOf(m_fixture->waitFor(uuid));
    QVERIFY(!result.isEmpty());
    for (const char *file : {"made", "copy"})
        QCOMPARE(get("/v1/inspect/" + result.toStdString() + "/download?path=/" + file).body, "base\n");
}

void TestServerStorage::unchangedResultOfARemovedImageIsAnImage()
{
    const QString image = make(u"base"_s);
    const Reply started = m_fixture->client().post(
        "/v1/instances", {{u"image"_s, image}, {u"shell"_s, true}, {u"command"_s, u"echo begun; sleep 1"_s}});
    const std::string uuid = started.text(u"uuid"_s).toStdString();
    QTRY_VERIFY(get("/v1/operations/" + uuid + "/events").body.find("begun") != std::string::npos);
    QCOMPARE(remove(image).status, 204);
    const QString result = imageOf(m_fixture->waitFor(QString::fromStdString(uuid)));
    QVERIFY(!result.isEmpty() && result != image);
    QCOMPARE(get("/v1/inspect/" + result.toStdString() + "/download?path=/made").body, "base\n");
}

void TestServerStorage::failedImportLeavesNothing()
{
    const TestImage image({tarOf({file("good")}), tarOf({file("swapped")})});
    TestImage broken = image;
    broken.blobs().at(broken.layers()[1]) = compressed(tarOf({file("evil")}), ARCHIVE_FILTER_GZIP);
    QFile out(m_fixture->folder() + u"/broken.tar"_s);
    QVERIFY(out.open(QFile::WriteOnly) && out.write(tarOf(broken.dockerArchive())) > 0);
    out.close();
    const QJsonObject operation =
        m_fixture->run({{u"archive"_s, QJsonObject{{u"path"_s, out.fileName()}}}}, "/v1/images/import");
    QCOMPARE(statusOf(operation), u"FAILED"_s);
    QTRY_COMPARE(get("/v1/storage").json().value(u"reclaimable"_s).toInteger(), 0);
    const Reply use = get("/v1/storage");
    QCOMPARE(
        QDir(m_fixture->folder() + u"/a store/layers"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(),
        use.json().value(u"layers"_s).toObject().value(u"count"_s).toInteger());
}

void TestServerStorage::collectingBesideBuildsLosesNothing()
{
    std::atomic<bool> ended = false;
    std::atomic<int> collections = 0;
    std::jthread collector([&] {
        SocketClient client = m_fixture->client();
        while (!ended) {
            const Reply reply =
                client.post("/v1/storage/collect", {{u"images"_s, u"untagged"_s}, {u"files"_s, true}});
            collections += reply.status == 200 ? 1 : 0;
        }
    });
    const QString path = archive();
    for (int round = 0; round < 6; ++round) {
        const QString content = QString::number(round);
        const QString first = make(content);
        const QJsonObject second = m_fixture->shell(u"cat /made > /copy"_s, {{u"image"_s, first}});
        QCOMPARE(get("/v1/inspect/" + imageOf(second).toStdString() + "/download?path=/copy").body,
                 content.toStdString() + '\n');
        const QJsonObject imported =
            m_fixture->run({{u"archive"_s, QJsonObject{{u"path"_s, path}}}}, "/v1/images/import");
        const std::string image = imageOf(imported).toStdString();
        QCOMPARE(get("/v1/inspect/" + image + "/download?path=/two").body, "content");
        QCOMPARE(remove(QString::fromStdString(image)).status, 204); // So that its layers come and go.
    }
    ended = true;
    collector.join();
    QVERIFY(collections > 0);
}

void TestServerStorage::oldOperationsAreForgotten()
{
    const QJsonObject recent = m_fixture->shell(u"echo kept"_s, {{u"disposable"_s, true}});
    const QString uuid = recent.value(u"uuid"_s).toString();
    embedded::OperationTable table(m_fixture->store().database());
    QVERIFY(table.insert({.uuid = u"old"_s,
                          .kind = u"instance"_s,
                          .status = u"SUCCESS"_s,
                          .createdAt = QDateTime::currentDateTimeUtc().addDays(-31)}));
    const QString folder = m_fixture->folder() + u"/a store/operations/"_s;
    for (const QString &name :
         {u"old.events"_s, u"old.result"_s, u"unknown.events"_s, u"half.result.AbCdEf"_s}) {
        QFile file(folder + name);
        QVERIFY(file.open(QFile::WriteOnly));
    }
    m_fixture->stop();
    m_fixture->start();
    QStringList left = QDir(folder).entryList(QDir::Files);
    QVERIFY(left.contains(uuid + u".events"_s) && left.contains(uuid + u".result"_s));
    for (const char *name : {"old", "unknown", "half"})
        QVERIFY(left.filter(QRegularExpression(u'^' + QLatin1StringView(name))).isEmpty());
    QCOMPARE(get("/v1/operations/old").status, 404);
    QCOMPARE(outputOf(get("/v1/operations/" + uuid.toStdString()).json()), u"kept\n"_s);
    const auto none = table.forget(QDateTime::currentDateTimeUtc().addDays(-30), 10'000);
    QVERIFY(none && none->isEmpty());
    const qsizetype before = table.uuids()->size();
    QCOMPARE(table.forget(QDateTime::currentDateTimeUtc().addDays(-30), 2)->size(), before - 2);
    QVERIFY(table.get(uuid));
}

QTEST_GUILESS_MAIN(TestServerStorage)
#include "tst_serverstorage.moc"
