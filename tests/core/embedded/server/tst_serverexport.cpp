#include "core/embedded/archive/tarreader.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/server/exportfixture.h"
#include "tests/support/dockerd.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Images that leave the engine, looked at by this engine, skopeo, umoci and Docker.
class TestServerExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ExportFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_image = m_fixture->makeHardImage();
        QVERIFY(!m_image.isEmpty());
        m_tree = m_fixture->treeOf(m_image);
        QVERIFY2(m_tree.contains("/many/again"), qPrintable(QString::fromStdString(m_tree.begin()->first)));
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void givesTheSameBytesEachTime_data();
    void givesTheSameBytesEachTime();
    void comesBackAsItWas_data();
    void comesBackAsItWas();
    void rootFilesystemComesBackAsItWas_data();
    void rootFilesystemComesBackAsItWas();
    void skopeoReadsIt_data();
    void skopeoReadsIt();
    void umociUnpacksTheSameTree();
    void takesWhatSkopeoAndUmociWrite();
    void dockerLoadsIt();
    void takesTheNamesGiven();
    void limitsTimesToTheEpoch();
    void wrongParametersAreNamed_data();
    void wrongParametersAreNamed();
    void warnsOfImagesThatDockerCannotTake();
    void stopsWhenTheClientGoes();
    void damageInTheStoreIsNoticed();

private:
    [[nodiscard]] static QByteArrayList namesIn(const std::string &tar)
    {
        QByteArrayList names;
        BytesStream stream(QByteArray::fromStdString(tar));
        embedded::TarReader reader(stream, u"tar"_s);
        for (auto entry = reader.next(); entry && *entry; entry = reader.next())
            names << archive_entry_pathname(*entry);
        return names;
    }

    std::unique_ptr<ExportFixture> m_fixture;
    QString m_image;
    TreeListing m_tree;
};

static void formats()
{
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("docker") << QByteArray("format=docker");
    QTest::newRow("OCI layout") << QByteArray("format=oci");
    QTest::newRow("OCI layout, zstd") << QByteArray("format=oci&compression=zstd");
    QTest::newRow("OCI layout, plain") << QByteArray("format=oci&compression=none");
}

static void rootFilesystems()
{
    QTest::addColumn<QByteArray>("query");
    for (const char *compression : {"none", "gzip", "bzip2", "xz", "zstd"})
        QTest::newRow(compression) << QByteArray("format=rootfs&compression=") + compression;
}

void TestServerExport::givesTheSameBytesEachTime_data()
{
    formats();
    QTest::newRow("root filesystem") << QByteArray("format=rootfs");
    QTest::newRow("root filesystem, zstd") << QByteArray("format=rootfs&compression=zstd");
}

void TestServerExport::givesTheSameBytesEachTime()
{
    QFETCH(QByteArray, query);
    const Reply first = m_fixture->exported(m_image, query.toStdString());
    QVERIFY2(first.status == 200, first.body.c_str());
    QVERIFY(first.body.size() > 1000);
    QVERIFY(m_fixture->exported(m_image, query.toStdString()).body == first.body);
}

void TestServerExport::comesBackAsItWas_data()
{
    formats();
}

void TestServerExport::comesBackAsItWas()
{
    QFETCH(QByteArray, query);
    const QString file = m_fixture->exportedFile(m_image, query.toStdString(), u"export.tar"_s);
    const QString again = m_fixture->importFile(file);
    QVERIFY(!again.isEmpty());
    // Times are whole seconds in a tar, and in the listing.
    QCOMPARE(difference(m_fixture->treeOf(again), m_tree), QByteArray());
    const QString twice = m_fixture->importFile(
        m_fixture->exportedFile(again, query.toStdString() + "&name=x:1", u"twice.tar"_s));
    QCOMPARE(m_fixture->diffIdsOf(twice), m_fixture->diffIdsOf(again));
    QCOMPARE(m_fixture->diffIdsOf(again).size(), 3);
    QCOMPARE(m_fixture->store().image(twice)->layers, m_fixture->store().image(again)->layers);
    QCOMPARE(m_fixture->store().image(twice)->config, m_fixture->store().image(again)->config);
}

void TestServerExport::rootFilesystemComesBackAsItWas_data()
{
    rootFilesystems();
}

void TestServerExport::rootFilesystemComesBackAsItWas()
{
    QFETCH(QByteArray, query);
    const QString again =
        m_fixture->importFile(m_fixture->exportedFile(m_image, query.toStdString(), u"root.tar"_s));
    QVERIFY(!again.isEmpty());
    QCOMPARE(difference(m_fixture->treeOf(again), m_tree), QByteArray());
}

void TestServerExport::skopeoReadsIt_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("transport");
    QTest::newRow("docker") << QByteArray("format=docker") << u"docker-archive:"_s;
    QTest::newRow("docker as an OCI layout") << QByteArray("format=docker") << u"oci-archive:"_s;
    QTest::newRow("OCI layout") << QByteArray("format=oci") << u"oci-archive:"_s;
    QTest::newRow("OCI layout, zstd") << QByteArray("format=oci&compression=zstd") << u"oci-archive:"_s;
}

void TestServerExport::skopeoReadsIt()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, transport);
    const QString file =
        m_fixture->exportedFile(m_image, query.toStdString() + "&name=hard:7", u"skopeo.tar"_s);
    const auto config = ExportFixture::tool(u"skopeo"_s, {u"inspect"_s, u"--config"_s, transport + file});
    QVERIFY2(config, why(config).constData());
    const QJsonDocument document = QJsonDocument::fromJson(*config);
    QCOMPARE(document[u"config"_s][u"Env"_s].toArray(), QJsonArray{u"A=b"_s});
    QCOMPARE(document[u"rootfs"_s][u"diff_ids"_s].toArray().size(), 3);
    QCOMPARE(document[u"history"_s].toArray().size(), 3);
    const auto copied = ExportFixture::tool(
        u"skopeo"_s,
        {u"copy"_s, u"--insecure-policy"_s, transport + file,
         u"dir:"_s + m_fixture->path(u"copy-of-"_s + QString::fromLatin1(QTest::currentDataTag()))});
    QVERIFY2(copied, why(copied).constData());
}

void TestServerExport::umociUnpacksTheSameTree()
{
    const QString file = m_fixture->exportedFile(m_image, "format=oci&name=hard:7", u"umoci.tar"_s);
    const QString layout = m_fixture->path(u"umoci-layout"_s);
    QVERIFY(QDir().mkpath(layout));
    QVERIFY(ExportFixture::tool(u"tar"_s, {u"-C"_s, layout, u"-xf"_s, file}));
    const QString bundle = m_fixture->path(u"bundle"_s);
    const auto unpacked =
        ExportFixture::tool(u"umoci"_s, {u"unpack"_s, u"--image"_s, layout + u":7"_s, bundle});
    QVERIFY2(unpacked, why(unpacked).constData());
    QCOMPARE(difference(listTree((bundle + u"/rootfs"_s).toStdString()), m_tree), QByteArray());
}

void TestServerExport::takesWhatSkopeoAndUmociWrite()
{
    const QString file = m_fixture->exportedFile(m_image, "format=oci&name=hard:7", u"source.tar"_s);
    const QString docker = m_fixture->path(u"skopeo-docker.tar"_s);
    const QString layout = m_fixture->path(u"skopeo-layout"_s);
    for (const QString &target :
         {u"docker-archive:"_s + docker + u":hard:7"_s, u"oci:"_s + layout + u":7"_s}) {
        const auto copied = ExportFixture::tool(
            u"skopeo"_s, {u"copy"_s, u"--insecure-policy"_s, u"oci-archive:"_s + file, target});
        QVERIFY2(copied, why(copied).constData());
    }
    QCOMPARE(difference(m_fixture->treeOf(m_fixture->importFile(docker)), m_tree), QByteArray());
    QCOMPARE(difference(m_fixture->treeOf(m_fixture->importFile(layout)), m_tree), QByteArray());

    const QString bundle = m_fixture->path(u"repack"_s);
    QVERIFY(ExportFixture::tool(u"umoci"_s, {u"unpack"_s, u"--image"_s, layout + u":7"_s, bundle}));
    const std::string root = (bundle + u"/rootfs"_s).toStdString();
    std::filesystem::remove(root + "/kept/inside");
    std::filesystem::remove_all(root + "/long");
    std::ofstream(root + "/added") << "by umoci";
    // Umoci rounds fractions of a second where this engine cuts them off.
    for (const char *path : {"/added", "/kept"}) {
        const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, (root + path).c_str(), times, 0), 0);
    }
    const TreeListing changed = listTree(root);
    const auto repacked =
        ExportFixture::tool(u"umoci"_s, {u"repack"_s, u"--image"_s, layout + u":8"_s, bundle});
    QVERIFY2(repacked, why(repacked).constData());
    const auto single =
        ExportFixture::tool(u"skopeo"_s, {u"copy"_s, u"--insecure-policy"_s, u"oci:"_s + layout + u":8"_s,
                                          u"oci-archive:"_s + m_fixture->path(u"umoci.oci"_s)});
    QVERIFY2(single, why(single).constData());
    QCOMPARE(difference(m_fixture->treeOf(m_fixture->importFile(m_fixture->path(u"umoci.oci"_s))), changed),
             QByteArray());
}

void TestServerExport::dockerLoadsIt()
{
    Dockerd dockerd;
    if (const auto started = dockerd.start(); !started)
        QSKIP(qPrintable(started.error().text()));
    const QJsonObject config{
        {u"config"_s, QJsonObject{{u"Env"_s, QJsonArray{u"PATH=/bin"_s, u"A=b"_s}},
                                  {u"Cmd"_s, QJsonArray{u"-c"_s, u"exit 0"_s}},
                                  {u"Entrypoint"_s, QJsonArray{u"/bin/sh"_s}},
                                  {u"Labels"_s, QJsonObject{{u"com.example.x"_s, u"1.10 <>&"_s}}},
                                  {u"ExposedPorts"_s, QJsonObject{{u"80/tcp"_s, QJsonObject()}}},
                                  {u"User"_s, u"1000"_s},
                                  {u"WorkingDir"_s, u"/tmp"_s}}},
        {u"history"_s, QJsonArray{QJsonObject{{u"created_by"_s, u"RUN first"_s}},
                                  QJsonObject{{u"created_by"_s, u"ENV A=b"_s}, {u"empty_layer"_s, true}}}}};
    const Reply committed =
        m_fixture->client().post("/v1/commits", {{u"image"_s, m_image}, {u"config"_s, config}});
    QCOMPARE(committed.status, 201);
    const QString file =
        m_fixture->exportedFile(committed.text(u"uuid"_s), "name=hard:7&name=team/hard:8", u"docker.tar"_s);
    const auto loaded = dockerd.docker({u"load"_s}, file);
    QVERIFY2(loaded, why(loaded).constData());
    QVERIFY(loaded->contains("hard:7") && loaded->contains("team/hard:8"));
    const auto inspected = dockerd.docker({u"image"_s, u"inspect"_s, u"hard:7"_s});
    QVERIFY2(inspected, why(inspected).constData());
    const QJsonObject image = QJsonDocument::fromJson(*inspected).array().first().toObject();
    for (const auto &key :
         {u"Env"_s, u"Cmd"_s, u"Entrypoint"_s, u"Labels"_s, u"ExposedPorts"_s, u"User"_s, u"WorkingDir"_s})
        QCOMPARE(image[u"Config"_s][key], config[u"config"_s][key]);
    QCOMPARE(image[u"RootFS"_s][u"Layers"_s].toArray().size(), 3);
    const auto history =
        dockerd.docker({u"history"_s, u"--no-trunc"_s, u"--format"_s, u"{{.CreatedBy}}"_s, u"hard:7"_s});
    QVERIFY(history);
    QCOMPARE(*history, QByteArray("ENV A=b\nRUN first\ncooperage\ncooperage\n"));

    const auto container =
        dockerd.docker({u"create"_s, u"--name"_s, u"c"_s, u"--network=none"_s, u"hard:7"_s});
    QVERIFY2(container, why(container).constData());
    const QString root = m_fixture->path(u"docker-root.tar"_s);
    QVERIFY(dockerd.docker({u"export"_s, u"-o"_s, root, u"c"_s}));
    TreeListing tree = m_fixture->treeOf(m_fixture->importFile(root));
    TreeListing expected = m_tree;
    // Docker puts these into every container; its exports have no access lists.
    for (const char *made :
         {"/.dockerenv", "/dev", "/dev/console", "/dev/pts", "/dev/shm", "/etc", "/etc/hostname",
          "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/sys"}) {
        tree.erase(made);
        expected.erase(made);
    }
    QCOMPARE(difference(tree, expected), QByteArray());

    const QString saved = m_fixture->path(u"saved.tar"_s);
    QVERIFY(dockerd.docker({u"save"_s, u"-o"_s, saved, u"hard:7"_s}));
    const QString again = m_fixture->importFile(saved);
    QCOMPARE(difference(m_fixture->treeOf(again), m_tree), QByteArray());
    QStringList ids;
    for (const QJsonValue &id : image[u"RootFS"_s][u"Layers"_s].toArray())
        ids << id.toString();
    QCOMPARE(m_fixture->diffIdsOf(again), ids);
}

void TestServerExport::takesTheNamesGiven()
{
    const auto tagsOf = [&](const std::string &query) {
        const Reply reply = m_fixture->exported(m_fixture->busybox(), query);
        BytesStream stream(QByteArray::fromStdString(reply.body));
        TarReader reader(stream, u"tar"_s);
        const auto entry = reader.next();
        const auto block = reader.block();
        return entry && block ? QJsonDocument::fromJson(block->bytes.toByteArray())[0][u"RepoTags"_s]
                              : QJsonValue();
    };
    QCOMPARE(tagsOf("").toArray(), QJsonArray{u"busybox:latest"_s});
    QCOMPARE(tagsOf("name=b:2&name=a").toArray(), (QJsonArray{u"a:latest"_s, u"b:2"_s}));
    QVERIFY(m_fixture->store().setTag(m_image, u"No.Reference:At.All"_s));
    const QByteArrayList names = namesIn(m_fixture->exported(m_image).body);
    QCOMPARE(names.first(), "manifest.json");
    QVERIFY(names.contains("oci-layout") && names.contains("index.json"));
    QCOMPARE(names.size(), 4 + 1 + 3);
}

void TestServerExport::limitsTimesToTheEpoch()
{
    const Reply reply = m_fixture->exported(m_image, "epoch=999999&format=oci&compression=none");
    QCOMPARE(reply.status, 200);
    const QString again =
        m_fixture->importFile(m_fixture->write(u"epoch.tar"_s, QByteArray::fromStdString(reply.body)));
    for (const auto &[path, value] : m_fixture->treeOf(again)) {
        const qint64 seconds = QString::fromStdString(value).section(u' ', 2, 2).toLongLong();
        QVERIFY2(seconds <= 999'999, path.c_str());
    }
    const QJsonDocument config = QJsonDocument::fromJson(m_fixture->store().image(again)->config);
    QCOMPARE(config[u"created"_s].toString(), u"1970-01-12T13:46:39Z"_s);
}

void TestServerExport::wrongParametersAreNamed_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("part");
    QTest::newRow("format") << QByteArray("format=zip") << u"docker, oci or rootfs"_s;
    QTest::newRow("compressed docker-archive") << QByteArray("compression=gzip") << u"must be one of: none"_s;
    QTest::newRow("xz layers") << QByteArray("format=oci&compression=xz") << u"none, gzip, zstd"_s;
    QTest::newRow("epoch") << QByteArray("epoch=yesterday") << u"seconds"_s;
    QTest::newRow("name") << QByteArray("name=A/B:c") << u"A/B"_s;
}

void TestServerExport::wrongParametersAreNamed()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, part);
    const Reply reply = m_fixture->exported(m_image, query.toStdString());
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.text(u"error"_s).contains(part), reply.body.c_str());
    QCOMPARE(m_fixture->exported(QUuid::createUuid().toString(QUuid::WithoutBraces)).status, 404);
}

void TestServerExport::warnsOfImagesThatDockerCannotTake()
{
    std::vector<LayerId> many;
    while (many.size() < 130) {
        auto draft = m_fixture->store().beginLayer();
        QVERIFY(draft);
        const std::string path = draft->upper() + "/file";
        std::ofstream(path) << "the same";
        const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
        many.push_back(m_fixture->store().commitLayer(std::move(*draft)).value());
    }
    const auto image = m_fixture->store().createImage({.layers = many});
    QVERIFY(image);
    const Reply reply = m_fixture->exported(image->uuid);
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.header("Warning").contains(u"130 layers"_s));
    // Equal layers are one file.
    QCOMPARE(namesIn(reply.body).size(), 4 + 1 + 1);
    QVERIFY(m_fixture->exported(image->uuid, "format=oci").header("Warning").isEmpty());
}

void TestServerExport::stopsWhenTheClientGoes()
{
    const QDir scratch(m_fixture->folder() + u"/store/tmp"_s);
    const QStringList before = scratch.entryList();
    SocketClient client = m_fixture->client();
    size_t received = 0;
    const auto result =
        client.Get("/v1/images/" + m_image.toStdString() + "/export", [&](const char *, size_t size) {
            received += size;
            return false;
        });
    QVERIFY(!result);
    QVERIFY(received > 0);
    // Nothing of it stays behind, and the next one is whole.
    QCOMPARE(m_fixture->exported(m_image).status, 200);
    QCOMPARE(scratch.entryList(), before);
}

void TestServerExport::damageInTheStoreIsNoticed()
{
    const QJsonObject made = m_fixture->shell(u"echo good > /file"_s);
    const QString image = imageOf(made);
    QCOMPARE(m_fixture->exported(image).status, 200);
    const std::string layer = m_fixture->store().layerPath(m_fixture->store().image(image)->layers.back());
    std::ofstream(layer + "/file") << "evil";
    QCOMPARE(m_fixture->exported(image).status, 0); // Broken off.
}

QTEST_GUILESS_MAIN(TestServerExport)
#include "tst_serverexport.moc"
