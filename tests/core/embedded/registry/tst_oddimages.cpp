#include "core/embedded/archive/platform.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/registry/badregistry.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// Images that are not simply a manifest with layers.
class OddImagesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mayLieBelowNestedIndexes();
    void mayNotBeNestedWithoutEnd();
    void areNotAttestations();
    void areListedWhereNoneFits();
    void mayBeOfAnotherMachine();
    void sayInTheirConfigWhatTheyAreFor();
    void mayHaveForeignLayersAtTheRegistry_data();
    void mayHaveForeignLayersAtTheRegistry();
    void bringWarningsOnce();
    void cannotRepeatThePasswordInAWarning();
    void areNotTakenInPlaceOfOthers();
};

static const char s_indexType[] = "application/vnd.oci.image.index.v1+json";

/// Serves documents as manifests by digest, and the last of them as `app:1`.
static void serve(BadRegistry &registry, const QList<QByteArray> &documents)
{
    registry.on("/v2/app/manifests/(.*)",
                [&registry, documents](const httplib::Request &request, auto &reply) {
                    const QByteArray name = QByteArray::fromStdString(request.matches[1]);
                    for (const QByteArray &document : documents)
                        if (name == digest(document) || (name == "1" && document == documents.last()))
                            return reply.set_content(document.toStdString(), s_indexType);
                    registry.sendManifest(reply);
                });
    registry.start();
}

static QJsonObject entry(const QByteArray &document)
{
    return {
        {u"mediaType"_s, QString::fromLatin1(s_indexType)},
        {u"digest"_s, QString::fromLatin1(digest(document))},
        {u"size"_s, document.size()},
        {u"platform"_s, QJsonObject{{u"os"_s, u"linux"_s},
                                    {u"architecture"_s, embedded::machinePlatforms().last().architecture}}}};
}

/// Below `depth` indexes.
static QList<QByteArray> nested(const TestImage &image, int depth)
{
    QList<QByteArray> documents{
        TestImage::index({image.descriptor({}, embedded::machinePlatforms().last().architecture)})};
    for (int i = 1; i < depth; ++i)
        documents.append(TestImage::index({entry(documents.last())}));
    return documents;
}

void OddImagesTest::mayLieBelowNestedIndexes()
{
    TestImage image = noisyImage();
    BadRegistry registry(image);
    serve(registry, nested(image, 3));
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
}

void OddImagesTest::mayNotBeNestedWithoutEnd()
{
    TestImage image = noisyImage();
    BadRegistry registry(image);
    serve(registry, nested(image, 6));
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(!done && done.error().what.contains("nested too deeply"_L1), why(done).constData());
}

void OddImagesTest::areNotAttestations()
{
    TestImage image = noisyImage();
    BadRegistry registry(image);
    QJsonObject attestation = image.descriptor({}, u"unknown"_s);
    attestation[u"digest"_s] = u"sha256:"_s + QString(64, u'0');
    attestation[u"annotations"_s] = QJsonObject{{u"vnd.docker.reference.type"_s, u"attestation-manifest"_s}};
    attestation.remove(u"platform"_s);
    serve(registry, {TestImage::index({attestation, image.descriptor({})})});
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
}

void OddImagesTest::areListedWhereNoneFits()
{
    TestImage image = noisyImage();
    BadRegistry registry(image);
    serve(registry,
          {TestImage::index({image.descriptor({}, u"s390x"_s), image.descriptor({}, u"riscv64"_s)})});
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QCOMPARE(done.error().kind, ErrorKind::Unsupported);
    QVERIFY2(done.error().what.contains("linux/s390x, linux/riscv64"_L1), why(done).constData());
}

static Result<embedded::ImportedLayers> pullFor(StoreFixture &fixture, const BadRegistry &registry,
                                                const QString &platform)
{
    return pullApp(fixture, registry.host(), {}, {}, {}, embedded::parsePlatform(platform));
}

void OddImagesTest::mayBeOfAnotherMachine()
{
    TestImage image = noisyImage();
    BadRegistry registry(image);
    serve(registry,
          {TestImage::index({image.descriptor({}, u"s390x"_s), image.descriptor({}, u"riscv64"_s)})});
    StoreFixture fixture;
    const auto done = pullFor(fixture, registry, u"linux/s390x"_s);
    QVERIFY2(done, why(done).constData());
    const auto none = pullFor(fixture, registry, u"linux/arm/v6"_s);
    QCOMPARE(none.error().kind, ErrorKind::Unsupported);
    QVERIFY2(none.error().what.contains("for linux/arm/v6; there are: linux/s390x"_L1),
             why(none).constData());
}

void OddImagesTest::sayInTheirConfigWhatTheyAreFor()
{
    BadRegistry registry(noisyImage());
    registry.start();
    StoreFixture fixture;
    const auto own = pullFor(fixture, registry, u"linux/x86_64"_s);
    QVERIFY2(own, why(own).constData());
    const auto other = pullFor(fixture, registry, u"linux/arm64"_s);
    QCOMPARE(other.error().kind, ErrorKind::Unsupported);
    QVERIFY2(other.error().what.contains("it is for linux/amd64"_L1), why(other).constData());
}

void OddImagesTest::mayHaveForeignLayersAtTheRegistry_data()
{
    QTest::addColumn<bool>("isThere");
    QTest::newRow("there") << true;
    QTest::newRow("elsewhere") << false;
}

void OddImagesTest::mayHaveForeignLayersAtTheRegistry()
{
    QFETCH(bool, isThere);
    BadRegistry elsewhere(noisyImage());
    elsewhere.start();
    BadRegistry registry(noisyImage());
    registry.on("/v2/app/manifests/.*", [&](const auto &, auto &reply) {
        QJsonObject manifest = QJsonDocument::fromJson(noisyImage().manifest()).object();
        QJsonArray layers = manifest[u"layers"_s].toArray();
        QJsonObject layer = layers.first().toObject();
        layer[u"mediaType"_s] = u"application/vnd.oci.image.layer.nondistributable.v1.tar"_s;
        layer[u"urls"_s] = QJsonArray{QString::fromStdString("http://" + elsewhere.host() + "/layer")};
        manifest[u"layers"_s] = QJsonArray{layer};
        reply.set_content(QJsonDocument(manifest).toJson().toStdString(),
                          "application/vnd.oci.image.manifest.v1+json");
    });
    registry.on("/v2/app/blobs/" + registry.layer(), [&](const auto &request, auto &reply) {
        reply.status = isThere ? 200 : 404;
        if (isThere)
            reply.set_content(registry.blob(registry.layer()), "application/octet-stream");
        Q_UNUSED(request)
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host(), u"user"_s, u"password"_s);
    QCOMPARE(done.has_value(), isThere);
    if (!isThere) {
        QCOMPARE(done.error().kind, ErrorKind::Unsupported);
        QVERIFY2(done.error().what.contains("another host (127.0.0.1)"_L1), why(done).constData());
    }
    QVERIFY(elsewhere.seen().empty());
}

void OddImagesTest::bringWarningsOnce()
{
    BadRegistry registry(noisyImage());
    registry.server().set_post_routing_handler([](const auto &, httplib::Response &reply) {
        reply.set_header("Warning", "299 - \"This repository  moves\tsoon\"");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->notes, QStringList{u"This repository moves soon"_s});
}

void OddImagesTest::cannotRepeatThePasswordInAWarning()
{
    BadRegistry registry(noisyImage());
    registry.server().set_post_routing_handler([](const auto &, httplib::Response &reply) {
        reply.set_header("Warning", "299 - \"your password is CANARY-1\"");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host(), u"user"_s, u"CANARY-1"_s);
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->notes, QStringList());
}

void OddImagesTest::areNotTakenInPlaceOfOthers()
{
    BadRegistry registry(noisyImage());
    registry.on("/v2/app/manifests/.*", [&](const auto &, auto &reply) {
        reply.set_header("Docker-Content-Digest", "sha256:" + std::string(64, '1'));
        registry.sendManifest(reply);
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY2(!done && done.error().what.contains("not what its digest says"_L1), why(done).constData());
}

COOPERAGE_TEST_MAIN_AS_ROOT(OddImagesTest)
#include "tst_oddimages.moc"
