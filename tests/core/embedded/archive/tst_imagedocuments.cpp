#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/archive/jsonkeys.h"

#include <QTest>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace Qt::StringLiterals;

class ImageDocumentsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsManifestsAndIndexes();
    void refusesWhatIsAmbiguousOrOld_data();
    void refusesWhatIsAmbiguousOrOld();
    void findsKeysThatReadersDisagreeAbout();
    void knowsPlatformsByAllTheirNames();
    void prefersTheBestPlatform();
    void skipsAttestations();
    void checksTheNumberOfLayers();
};

static const QByteArray hex(64, 'a');
static const QByteArray descriptor =
    R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:)" + hex + R"(","size":2})";
static const QByteArray layer =
    R"({"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:)" + hex +
    R"(","size":3})";

void ImageDocumentsTest::readsManifestsAndIndexes()
{
    const auto manifest =
        parseImageDocument(R"({"schemaVersion":2,"config":)" + descriptor + R"(,"layers":[)" + layer + "]}",
                           u"application/vnd.oci.image.manifest.v1+json; charset=utf-8"_s, u"x"_s);
    QVERIFY(manifest);
    QCOMPARE(std::get<ImageManifest>(*manifest).layers.first().size, 3);
    const auto index = parseImageDocument(R"({"schemaVersion":2,"manifests":[)" + layer + "]}", {}, u"x"_s);
    QVERIFY(index);
    QCOMPARE(std::get<ImageIndex>(*index).manifests.size(), 1);
}

void ImageDocumentsTest::refusesWhatIsAmbiguousOrOld_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("type");
    const QByteArray body = R"("config":)" + descriptor + R"(,"layers":[)" + layer + "]";
    QTest::newRow("manifest and index") << "{" + body + R"(,"manifests":[]})" << QString();
    QTest::newRow("neither") << QByteArray("{}") << QString();
    QTest::newRow("no JSON") << QByteArray("<html>") << QString();
    QTest::newRow("key twice") << "{" + body + R"(,"layers":[]})" << QString();
    QTest::newRow("key in another case") << "{" + body + R"(,"Manifests":[]})" << QString();
    QTest::newRow("type twice") << R"({"mediaType":"application/vnd.oci.image.manifest.v1+json",)" + body +
                                       "}"
                                << u"application/vnd.docker.distribution.manifest.v2+json"_s;
    QTest::newRow("index by type only") << "{" + body + "}" << u"application/vnd.oci.image.index.v1+json"_s;
    QTest::newRow("schema 1") << QByteArray(R"({"schemaVersion":1,"fsLayers":[]})")
                              << u"application/vnd.docker.distribution.manifest.v1+prettyjws"_s;
    QTest::newRow("bad digest") << QByteArray(R"({"manifests":[{"digest":"sha256:../../x","size":1}]})")
                                << QString();
    QTest::newRow("no size") << R"({"manifests":[{"digest":"sha256:)" + hex + R"("}]})" << QString();
    QTest::newRow("artifact")
        << R"({"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:)" + hex +
               R"(","size":1},"layers":[]})"
        << QString();
    QTest::newRow("encrypted layer") << QByteArray("{" + body + "}").replace("tar+gzip", "tar+gzip+encrypted")
                                     << QString();
}

void ImageDocumentsTest::refusesWhatIsAmbiguousOrOld()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, type);
    const auto document = parseImageDocument(bytes, type, u"registry/x"_s);
    QVERIFY(!document);
    QVERIFY(document.error().kind == ErrorKind::BadInput || document.error().kind == ErrorKind::Unsupported);
    QCOMPARE(document.error().where, u"registry/x"_s);
}

void ImageDocumentsTest::findsKeysThatReadersDisagreeAbout()
{
    const QByteArray fine = R"({"a":{"b":1},"c":{"b":2},"d":["a","a",{"a":"\"a\":"}]})";
    const QByteArray otherCase = R"({"a":[{"x":1,"X":2}]})";
    const QByteArray escaped = R"({"abc":1,"a\u0062c":2})";
    const QByteArray freeText = R"({"annotations":{"k":"1","K":"2"}})";
    const QByteArray freeTextTwice = R"({"annotations":{"k":"1","k":"2"}})";
    QVERIFY(!ambiguousKey(fine));
    QCOMPARE(ambiguousKey(otherCase), u"X"_s);
    QCOMPARE(ambiguousKey(escaped), u"abc"_s);
    QVERIFY(!ambiguousKey(freeText));
    QCOMPARE(ambiguousKey(freeTextTwice), u"k"_s);
}

void ImageDocumentsTest::knowsPlatformsByAllTheirNames()
{
    QCOMPARE(normalised({u"Linux"_s, u"x86_64"_s}), (Platform{u"linux"_s, u"amd64"_s}));
    QCOMPARE(normalised({u"linux"_s, u"aarch64"_s, u"v8"_s}), (Platform{u"linux"_s, u"arm64"_s}));
    QCOMPARE(normalised({u"linux"_s, u"arm"_s}), (Platform{u"linux"_s, u"arm"_s, u"v7"_s}));
    QCOMPARE(normalised({u"linux"_s, u"armhf"_s}), (Platform{u"linux"_s, u"arm"_s, u"v7"_s}));
    QCOMPARE(normalised({u"linux"_s, u"amd64"_s, u"v1"_s}), (Platform{u"linux"_s, u"amd64"_s}));
    QCOMPARE(normalised({u"linux"_s, u"arm"_s, u"6"_s}).toString(), u"linux/arm/v6"_s);
    QCOMPARE(embedded::parsePlatform(u"Linux/aarch64"_s)->toString(), u"linux/arm64"_s);
    for (const QString &text : {u""_s, u"linux"_s, u"linux/"_s, u"linux/arm/v7/x"_s, u"linux/arm 64"_s})
        QVERIFY2(!embedded::parsePlatform(text), qPrintable(text));
}

static ImageIndex indexOf(const QStringList &platforms)
{
    ImageIndex index;
    for (const QString &text : platforms) {
        const QStringList parts = text.split(u'/');
        Descriptor entry{{}, "sha256:" + QByteArray(64, char('0' + index.manifests.size())), 1};
        entry.platform = normalised({parts[0], parts[1], parts.value(2)});
        entry.isAttestation = parts[0] == "unknown"_L1;
        index.manifests.append(entry);
    }
    return index;
}

void ImageDocumentsTest::prefersTheBestPlatform()
{
    const auto choose = [](const QStringList &offered, const QString &machine, int level) {
        const auto chosen = choosePlatform(indexOf(offered), platformsOf(machine, level), u"x"_s);
        return chosen ? chosen->platform->toString() : QString();
    };
    const QStringList pc{u"linux/386"_s, u"linux/amd64"_s, u"linux/amd64/v3"_s, u"linux/arm64"_s};
    QCOMPARE(choose(pc, u"x86_64"_s, 4), u"linux/amd64/v3"_s);
    QCOMPARE(choose(pc, u"x86_64"_s, 2), u"linux/amd64"_s);
    QCOMPARE(choose(pc, u"i686"_s, 1), u"linux/386"_s);
    QCOMPARE(choose(pc, u"aarch64"_s, 1), u"linux/arm64"_s);
    const QStringList arm{u"linux/arm/v5"_s, u"linux/arm/v7"_s, u"linux/arm/v6"_s};
    QCOMPARE(choose(arm, u"aarch64"_s, 1), u"linux/arm/v7"_s);
    QCOMPARE(choose(arm, u"armv6l"_s, 1), u"linux/arm/v6"_s);
    QCOMPARE(choose(arm, u"riscv64"_s, 1), QString());
}

void ImageDocumentsTest::skipsAttestations()
{
    const auto chosen = choosePlatform(indexOf({u"unknown/unknown"_s, u"linux/amd64"_s}),
                                       platformsOf(u"x86_64"_s, 1), u"x"_s);
    QVERIFY(chosen);
    QCOMPARE(chosen->platform->toString(), u"linux/amd64"_s);
    const auto none = choosePlatform(indexOf({u"unknown/unknown"_s, u"linux/s390x"_s}),
                                     platformsOf(u"x86_64"_s, 1), u"x"_s);
    QVERIFY(!none);
    QVERIFY(none.error().what.endsWith("linux/s390x"_L1));
}

void ImageDocumentsTest::checksTheNumberOfLayers()
{
    const QByteArray config = R"({"rootfs":{"type":"layers","diff_ids":["sha256:)" + hex + R"("]}})";
    QVERIFY(diffIdsOf(config, 1, u"x"_s));
    QVERIFY(!diffIdsOf(config, 2, u"x"_s));
    QVERIFY(!diffIdsOf("[]", 0, u"x"_s));
}

QTEST_GUILESS_MAIN(ImageDocumentsTest)
#include "tst_imagedocuments.moc"
