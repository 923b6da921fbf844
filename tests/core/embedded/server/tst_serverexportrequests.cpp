#include "core/embedded/archive/tarreader.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/server/exportfixture.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// What a client may ask of an export, and what it gets when something is wrong.
class TestServerExportRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ExportFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_image = m_fixture->makeHardImage();
        QVERIFY(!m_image.isEmpty());
    }
    void cleanupTestCase() { m_fixture.reset(); }

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
};

void TestServerExportRequests::takesTheNamesGiven()
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

void TestServerExportRequests::limitsTimesToTheEpoch()
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

void TestServerExportRequests::wrongParametersAreNamed_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("part");
    QTest::newRow("format") << QByteArray("format=zip") << u"docker, oci or rootfs"_s;
    QTest::newRow("compressed docker-archive") << QByteArray("compression=gzip") << u"must be one of: none"_s;
    QTest::newRow("xz layers") << QByteArray("format=oci&compression=xz") << u"none, gzip, zstd"_s;
    QTest::newRow("epoch") << QByteArray("epoch=yesterday") << u"seconds"_s;
    QTest::newRow("name") << QByteArray("name=A/B:c") << u"A/B"_s;
}

void TestServerExportRequests::wrongParametersAreNamed()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, part);
    const Reply reply = m_fixture->exported(m_image, query.toStdString());
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.text(u"error"_s).contains(part), reply.body.c_str());
    QCOMPARE(m_fixture->exported(QUuid::createUuid().toString(QUuid::WithoutBraces)).status, 404);
}

void TestServerExportRequests::warnsOfImagesThatDockerCannotTake()
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

void TestServerExportRequests::stopsWhenTheClientGoes()
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

void TestServerExportRequests::damageInTheStoreIsNoticed()
{
    const QJsonObject made = m_fixture->shell(u"echo good > /file"_s);
    const QString image = imageOf(made);
    QCOMPARE(m_fixture->exported(image).status, 200);
    const std::string layer = m_fixture->store().layerPath(m_fixture->store().image(image)->layers.back());
    std::ofstream(layer + "/file") << "evil";
    QCOMPARE(m_fixture->exported(image).status, 0); // Broken off.
}

QTEST_GUILESS_MAIN(TestServerExportRequests)
#include "tst_serverexportrequests.moc"
