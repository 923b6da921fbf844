#include "core/embedded/archive/layerform.h"
#include "core/embedded/archive/platform.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/archive/testimage.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class ImportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesEveryKindOfArchive_data();
    void takesEveryKindOfArchive();
    void takesAFolder_data();
    void takesAFolder();
    void refusesFoldersOfSomethingElse();
    void followsNoLinkOutOfAFolder();
    void takesARootFilesystem_data();
    void takesARootFilesystem();
    void takesTheImageForThisMachine();
    void followsNestedIndexes();
    void saysWhatThereIsWhenNothingFits();
    void refusesSeveralImages();
    void reusesLayersOfTheSameChainOnly();
    void refusesDamage_data();
    void refusesDamage();
    void refusesWhatIsNoArchive_data();
    void refusesWhatIsNoArchive();
    void reportsProgress();
    void stopsWhenTold();

private:
    [[nodiscard]] static Result<embedded::ImportedLayers> import(StoreFixture &fixture,
                                                                 const QByteArray &bytes)
    {
        return embedded::importArchive(fixture.store(), fixture.write(u"image.tar"_s, bytes), {}, {});
    }
    [[nodiscard]] static TestImage image(int filter = ARCHIVE_FILTER_GZIP)
    {
        return TestImage(
            {tarOf({file("etc/a", "1"), file("etc/b", "2")}), tarOf({file("etc/.wh.a", ""), file("c", "3")})},
            filter);
    }
};

void ImportTest::takesEveryKindOfArchive_data()
{
    QTest::addColumn<QByteArray>("archive");
    const TestImage packed = image();
    const TestImage plain = image(ARCHIVE_FILTER_NONE);
    QTest::newRow("docker-archive") << tarOf(plain.dockerArchive());
    QTest::newRow("docker-archive with compressed layers") << tarOf(packed.dockerArchive());
    QTest::newRow("compressed docker-archive") << tarOf(plain.dockerArchive(), ARCHIVE_FILTER_GZIP);
    QTest::newRow("OCI layout") << tarOf(packed.ociLayout());
    QTest::newRow("OCI layout of plain layers") << tarOf(plain.ociLayout());
    QTest::newRow("compressed OCI layout") << tarOf(packed.ociLayout(), ARCHIVE_FILTER_ZSTD);
    std::vector<TarEntry> both = packed.ociLayout();
    const auto docker = packed.dockerArchive();
    both.insert(both.end(), docker.begin(), docker.end());
    QTest::newRow("both at once") << tarOf(both);
}

void ImportTest::takesEveryKindOfArchive()
{
    QFETCH(QByteArray, archive);
    StoreFixture fixture;
    const auto done = import(fixture, archive);
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->layers.size(), 2u);
    QCOMPARE(done->config, image().config());
    QCOMPARE(fixture.content(done->layers[0], u"etc/a"_s), "1");
    QCOMPARE(fixture.content(done->layers[1], u"c"_s), "3");
    struct stat info{};
    QCOMPARE(::lstat((fixture.store().layerPath(done->layers[1]) + "/etc/a").c_str(), &info), 0);
    QVERIFY(embedded::isWhiteout(info));
    QCOMPARE(fixture.leftovers().size(), 2);
}

void ImportTest::takesAFolder_data()
{
    QTest::addColumn<QList<QString>>("removed");
    QTest::newRow("OCI layout") << QList<QString>{};
    QTest::newRow("unpacked docker-archive") << QList<QString>{u"index.json"_s, u"oci-layout"_s};
}

void ImportTest::takesAFolder()
{
    QFETCH(QList<QString>, removed);
    StoreFixture fixture;
    const QString folder = fixture.path(u"layout"_s);
    const TestImage packed = image();
    packed.writeTo(folder);
    const std::string config = "blobs/sha256/" + digest(packed.config()).mid(7).toStdString();
    QJsonArray layers;
    for (const QByteArray &layer : packed.layers())
        layers.append(u"blobs/sha256/"_s + QString::fromLatin1(layer.mid(7)));
    const QJsonObject described{{u"Config"_s, QString::fromStdString(config)}, {u"Layers"_s, layers}};
    (void)fixture.write(u"layout/manifest.json"_s, QJsonDocument(QJsonArray{described}).toJson());
    for (const QString &name : removed)
        QVERIFY(QFile::remove(folder + u'/' + name));
    const auto done = embedded::importArchive(fixture.store(), folder, {}, {});
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->layers.size(), 2u);
    QCOMPARE(done->config, packed.config());
    QCOMPARE(fixture.content(done->layers[1], u"c"_s), "3");
}

void ImportTest::refusesFoldersOfSomethingElse()
{
    StoreFixture fixture;
    QDir().mkpath(fixture.path(u"folder"_s));
    const auto done = embedded::importArchive(fixture.store(), fixture.path(u"folder"_s), {}, {});
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QCOMPARE(done.error().where, fixture.path(u"folder"_s));
}

void ImportTest::followsNoLinkOutOfAFolder()
{
    StoreFixture fixture;
    const QString folder = fixture.path(u"layout"_s);
    image().writeTo(folder);
    const QString config = u"/blobs/sha256/"_s + QString::fromLatin1(digest(image().config()).mid(7));
    QVERIFY(QFile::rename(folder + config, fixture.path(u"outside"_s)));
    QVERIFY(QFile::link(fixture.path(u"outside"_s), folder + config));
    QVERIFY(!embedded::importArchive(fixture.store(), folder, {}, {}));
    QVERIFY(QFile::remove(folder + config));
    QCOMPARE(::mkfifo(QFile::encodeName(folder + config).constData(), 0600), 0);
    QVERIFY(!embedded::importArchive(fixture.store(), folder, {}, {}));
    QCOMPARE(fixture.leftovers(), QStringList());
}

void ImportTest::takesARootFilesystem_data()
{
    QTest::addColumn<int>("filter");
    QTest::newRow("plain") << ARCHIVE_FILTER_NONE;
    QTest::newRow("gzip") << ARCHIVE_FILTER_GZIP;
    QTest::newRow("bzip2") << ARCHIVE_FILTER_BZIP2;
    QTest::newRow("xz") << ARCHIVE_FILTER_XZ;
    QTest::newRow("zstd") << ARCHIVE_FILTER_ZSTD;
}

void ImportTest::takesARootFilesystem()
{
    QFETCH(int, filter);
    StoreFixture fixture;
    const auto done = import(
        fixture, tarOf({folder("./"), file("./manifest.json", "{}"), file("./etc/hostname", "h")}, filter));
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->layers.size(), 1u);
    QVERIFY(done->config.isEmpty());
    QCOMPARE(fixture.content(done->layers[0], u"etc/hostname"_s), "h");
    QCOMPARE(fixture.content(done->layers[0], u"manifest.json"_s), "{}");
}

void ImportTest::takesTheImageForThisMachine()
{
    StoreFixture fixture;
    const TestImage own({tarOf({file("own")})});
    const TestImage other({tarOf({file("other")})});
    const QString machine = embedded::machinePlatforms().first().architecture;
    auto entries = own.ociLayout(
        TestImage::index({other.descriptor(u"x"_s, u"vax"_s), own.descriptor(u"x"_s, machine)}));
    const auto more = other.blobEntries();
    entries.insert(entries.end(), more.begin(), more.end());
    const auto done = import(fixture, tarOf(entries));
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->config, own.config());
}

void ImportTest::followsNestedIndexes()
{
    StoreFixture fixture;
    const TestImage own({tarOf({file("own")})});
    const QByteArray inner = TestImage::index({own.descriptor(u"x"_s)});
    const QJsonObject outer{{u"mediaType"_s, u"application/vnd.oci.image.index.v1+json"_s},
                            {u"digest"_s, QString::fromLatin1(digest(inner))},
                            {u"size"_s, inner.size()}};
    auto entries = own.ociLayout(TestImage::index({outer}));
    entries.push_back(file("blobs/sha256/" + digest(inner).mid(7).toStdString(), inner.toStdString()));
    const auto done = import(fixture, tarOf(entries));
    QVERIFY2(done, why(done).constData());
}

void ImportTest::saysWhatThereIsWhenNothingFits()
{
    StoreFixture fixture;
    const TestImage own = image();
    const auto done =
        import(fixture, tarOf(own.ociLayout(TestImage::index(
                            {own.descriptor(u"x"_s, u"vax"_s), own.descriptor(u"x"_s, u"pdp11"_s)}))));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Unsupported);
    QVERIFY(done.error().what.contains("linux/vax, linux/pdp11"_L1));
}

void ImportTest::refusesSeveralImages()
{
    StoreFixture fixture;
    const TestImage a({tarOf({file("a")})});
    const TestImage b({tarOf({file("b")})});
    auto entries = a.ociLayout(TestImage::index({a.descriptor(u"x:1"_s), b.descriptor(u"y:2"_s)}));
    const auto done = import(fixture, tarOf(entries));
    QVERIFY(!done);
    QVERIFY2(done.error().what.contains("x:1, y:2"_L1), why(done).constData());
}

void ImportTest::reusesLayersOfTheSameChainOnly()
{
    StoreFixture fixture;
    const QByteArray base = tarOf({folder("tmp", 01777)});
    const QByteArray otherBase = tarOf({folder("tmp", 0700)});
    const QByteArray top = tarOf({file("tmp/x")});
    const auto first = import(fixture, tarOf(TestImage({base, top}).ociLayout()));
    const auto again = import(fixture, tarOf(TestImage({base, top}).dockerArchive()));
    const auto other = import(fixture, tarOf(TestImage({otherBase, top}).ociLayout()));
    QVERIFY(first && again && other);
    QCOMPARE(again->layers, first->layers);
    // The same layer above another base: its folder tmp must be the other base's.
    QVERIFY(other->layers[1] != first->layers[1]);
    struct stat info{};
    QCOMPARE(::stat((fixture.store().layerPath(other->layers[1]) + "/tmp").c_str(), &info), 0);
    QCOMPARE(info.st_mode & 07777, 0700u);
}

void ImportTest::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("archive");
    const auto damagedBlob = [](const QByteArray &digest) {
        TestImage made = image();
        QByteArray &bytes = made.blobs().at(digest);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        return made;
    };
    const TestImage made = image();
    QTest::newRow("OCI: a layer's bytes") << tarOf(damagedBlob(made.layers()[1]).ociLayout());
    QTest::newRow("docker: a layer's bytes") << tarOf(damagedBlob(made.layers()[0]).dockerArchive());
    QTest::newRow("OCI: the config's bytes") << tarOf(damagedBlob(digest(made.config())).ociLayout());
    // Sound bytes of another layer, so that only the config's diffIDs tell.
    TestImage swapped = image(ARCHIVE_FILTER_NONE);
    swapped.blobs().at(swapped.layers()[1]) = tarOf({file("evil")});
    QTest::newRow("docker: another layer") << tarOf(swapped.dockerArchive());
    std::vector<TarEntry> missing = made.ociLayout();
    std::erase_if(missing,
                  [&](const TarEntry &e) { return e.name.ends_with(made.layers()[0].mid(7).toStdString()); });
    QTest::newRow("OCI: a layer is missing") << tarOf(missing);
    std::vector<TarEntry> leading = made.dockerArchive();
    for (TarEntry &entry : leading) {
        if (entry.name == "layer0/layer.tar")
            entry.link = "../../../../etc/passwd";
    }
    QTest::newRow("docker: a link leads out") << tarOf(leading);
    const QByteArray whole = tarOf(made.ociLayout());
    QTest::newRow("cut off") << whole.first(whole.size() / 2);
}

void ImportTest::refusesDamage()
{
    QFETCH(QByteArray, archive);
    StoreFixture fixture;
    const auto done = import(fixture, archive);
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QVERIFY2(done.error().where.contains(u"image.tar"_s), why(done).constData());
    QVERIFY2(!done.error().next.isEmpty(), why(done).constData());
    QCOMPARE(fixture.leftovers(), QStringList());
}

void ImportTest::refusesWhatIsNoArchive_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello").repeated(1000);
    QTest::newRow("compressed text") << compressed(QByteArray("hello").repeated(1000), ARCHIVE_FILTER_GZIP);
}

void ImportTest::refusesWhatIsNoArchive()
{
    QFETCH(QByteArray, bytes);
    StoreFixture fixture;
    const auto done = import(fixture, bytes);
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QVERIFY(!embedded::importArchive(fixture.store(), fixture.path({}), {}, {}));
    QCOMPARE(embedded::importArchive(fixture.store(), u"/no/such.tar"_s, {}, {}).error().kind,
             ErrorKind::NotFound);
    QCOMPARE(fixture.leftovers(), QStringList());
}

void ImportTest::reportsProgress()
{
    StoreFixture fixture;
    QList<std::pair<qint64, qint64>> steps;
    const QString path = fixture.write(u"image.tar"_s, tarOf(image().ociLayout()));
    QVERIFY(embedded::importArchive(fixture.store(), path,
                                    [&](qint64 done, qint64 total) { steps.append({done, total}); }, {}));
    QVERIFY(!steps.isEmpty());
    QVERIFY(std::ranges::is_sorted(steps));
    QCOMPARE(steps.last().first, steps.last().second);
}

void ImportTest::stopsWhenTold()
{
    StoreFixture fixture;
    std::stop_source stop;
    const QString path = fixture.write(u"image.tar"_s, tarOf(image().ociLayout()));
    const auto done = embedded::importArchive(
        fixture.store(), path, [&](qint64, qint64) { stop.request_stop(); }, stop.get_token());
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Cancelled);
    QCOMPARE(fixture.leftovers(), QStringList());
}

COOPERAGE_TEST_MAIN_AS_ROOT(ImportTest)
#include "tst_import.moc"
