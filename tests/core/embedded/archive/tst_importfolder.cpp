#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/archive/testimage.h"

#include <sys/stat.h>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class ImportFolderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesAFolder_data();
    void takesAFolder();
    void refusesFoldersOfSomethingElse();
    void followsNoLinkOutOfAFolder();

private:
    [[nodiscard]] static TestImage image()
    {
        return TestImage({tarOf({file("etc/a", "1"), file("etc/b", "2")}),
                          tarOf({file("etc/.wh.a", ""), file("c", "3")})});
    }
};

void ImportFolderTest::takesAFolder_data()
{
    QTest::addColumn<QList<QString>>("removed");
    QTest::newRow("OCI layout") << QList<QString>{};
    QTest::newRow("unpacked docker-archive") << QList<QString>{u"index.json"_s, u"oci-layout"_s};
}

void ImportFolderTest::takesAFolder()
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

void ImportFolderTest::refusesFoldersOfSomethingElse()
{
    StoreFixture fixture;
    QDir().mkpath(fixture.path(u"folder"_s));
    const auto done = embedded::importArchive(fixture.store(), fixture.path(u"folder"_s), {}, {});
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QCOMPARE(done.error().where, fixture.path(u"folder"_s));
}

void ImportFolderTest::followsNoLinkOutOfAFolder()
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

COOPERAGE_TEST_MAIN_AS_ROOT(ImportFolderTest)
#include "tst_importfolder.moc"
