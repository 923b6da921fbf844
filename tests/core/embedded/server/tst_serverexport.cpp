#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/server/exportfixture.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Images that leave the engine, looked at by this engine, skopeo and umoci.
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

private:
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

QTEST_GUILESS_MAIN(TestServerExport)
#include "tst_serverexport.moc"
