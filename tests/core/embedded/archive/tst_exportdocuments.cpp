#include "core/embedded/archive/exportdocuments.h"
#include "core/embedded/archive/imagedocuments.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimeZone>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace Qt::StringLiterals;

class ExportDocumentsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatTheConfigHolds();
    void givesEveryLayerAnEntryOfHistory_data();
    void givesEveryLayerAnEntryOfHistory();
    void limitsTimesToTheEpoch();
    void writesManifestsThatAreReadBack();
    void namesTheImageForEveryTool();
    void checksNames_data();
    void checksNames();

private:
    [[nodiscard]] static ConfigSource source(const QByteArray &base, int layers)
    {
        ConfigSource source{base, {}, QDateTime::fromSecsSinceEpoch(1'700'000'000, QTimeZone::UTC)};
        for (int i = 0; i < layers; ++i)
            source.diffIds.append(digestOf(QByteArray::number(i)));
        return source;
    }
    [[nodiscard]] static QJsonObject configOf(const ConfigSource &source)
    {
        return QJsonDocument::fromJson(exportedConfig(source)).object();
    }
};

void ExportDocumentsTest::keepsWhatTheConfigHolds()
{
    const QJsonObject config = configOf(source(
        R"({"config":{"Env":["A=b"],"ExposedPorts":{"80/tcp":{}}},"x-unknown":[1,{"y":null}],"os":"linux",
                   "architecture":"arm64","created":"2020-01-02T03:04:05.123456789Z","rootfs":{"diff_ids":["old"]}})",
        1));
    QCOMPARE(config["config"_L1]["Env"_L1].toArray(), QJsonArray{u"A=b"_s});
    QCOMPARE(config["config"_L1]["ExposedPorts"_L1].toObject(), (QJsonObject{{u"80/tcp"_s, QJsonObject()}}));
    QCOMPARE(config["x-unknown"_L1].toArray().size(), 2);
    QCOMPARE(config["architecture"_L1].toString(), u"arm64"_s);
    QCOMPARE(config["created"_L1].toString(), u"2020-01-02T03:04:05.123456789Z"_s);
    QCOMPARE(config["rootfs"_L1]["type"_L1].toString(), u"layers"_s);
    QCOMPARE(config["rootfs"_L1]["diff_ids"_L1].toArray(), QJsonArray{QString::fromLatin1(digestOf("0"))});
    QCOMPARE(configOf(source(R"({"created":"2020-01-02T03:04:05Z","rootfs":{"diff_ids":["below"]}})",
                             2))["created"_L1]
                 .toString(),
             u"2023-11-14T22:13:20Z"_s);
    const QJsonObject bare = configOf(source({}, 0));
    QCOMPARE(bare["os"_L1].toString(), u"linux"_s);
    QVERIFY(!bare["architecture"_L1].toString().isEmpty());
    QCOMPARE(bare["created"_L1].toString(), u"2023-11-14T22:13:20Z"_s);
    QVERIFY(bare["rootfs"_L1]["diff_ids"_L1].toArray().isEmpty());
}

void ExportDocumentsTest::givesEveryLayerAnEntryOfHistory_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<int>("layers");
    QTest::addColumn<QStringList>("expected"); // created_by, "-" before one without a layer
    QTest::newRow("none") << QByteArray("{}") << 2 << QStringList{u"cooperage"_s, u"cooperage"_s};
    QTest::newRow("complete") << QByteArray(
                                     R"({"history":[{"created_by":"a","created":"2020-01-01T00:00:00Z"},
        {"created_by":"ENV","empty_layer":true}],"rootfs":{"diff_ids":["x"]}})")
                              << 1 << QStringList{u"a"_s, u"-ENV"_s};
    QTest::newRow("a command was run on top")
        << QByteArray(
               R"({"history":[{"created_by":"a","created":"2020-01-01T00:00:00Z"}],"rootfs":{"diff_ids":["x"]}})")
        << 2 << QStringList{u"a"_s, u"cooperage"_s};
    QTest::newRow("built on a root filesystem")
        << QByteArray(R"({"history":[{"created_by":"RUN a"},{"created_by":"ENV","empty_layer":true}]})") << 2
        << QStringList{u"cooperage"_s, u"RUN a"_s, u"-ENV"_s};
    QTest::newRow("built on an image without history")
        << QByteArray(R"({"history":[{"created_by":"RUN a"}],"rootfs":{"diff_ids":["x"]}})") << 3
        << QStringList{u"cooperage"_s, u"RUN a"_s, u"cooperage"_s};
    QTest::newRow("steps that changed nothing")
        << QByteArray(R"({"history":[{"created_by":"a"},{"created_by":"b"},{"created_by":"c"}]})") << 1
        << QStringList{u"a"_s, u"-b"_s, u"-c"_s};
}

void ExportDocumentsTest::givesEveryLayerAnEntryOfHistory()
{
    QFETCH(QByteArray, base);
    QFETCH(int, layers);
    QFETCH(QStringList, expected);
    QStringList history;
    for (const QJsonValue &entry : configOf(source(base, layers))["history"_L1].toArray()) {
        history << (entry["empty_layer"_L1].toBool() ? u"-"_s : QString()) +
                       entry["created_by"_L1].toString();
        QVERIFY(!entry["created"_L1].toString().isEmpty());
    }
    QCOMPARE(history, expected);
}

void ExportDocumentsTest::limitsTimesToTheEpoch()
{
    ConfigSource given = source(R"({"created":"2022-01-01T00:00:00Z","history":[
        {"created":"2019-12-31T23:59:59.5Z","created_by":"a"},{"created":"2021-01-01T00:00:00+00:00","created_by":"b"}]})",
                                2);
    given.epoch = 1'577'836'800; // 2020
    const QJsonObject config = configOf(given);
    QCOMPARE(config["created"_L1].toString(), u"2020-01-01T00:00:00Z"_s);
    QCOMPARE(config["history"_L1][0]["created"_L1].toString(), u"2019-12-31T23:59:59.5Z"_s);
    QCOMPARE(config["history"_L1][1]["created"_L1].toString(), u"2020-01-01T00:00:00Z"_s);
}

void ExportDocumentsTest::writesManifestsThatAreReadBack()
{
    const QByteArray config = exportedConfig(source({}, 2));
    const QByteArray manifest = exportedManifest(
        config, {{digestOf("a"), 10, Compression::Gzip}, {digestOf("b"), 20, Compression::None}});
    const auto document = parseImageDocument(manifest, {}, u"manifest"_s);
    QVERIFY2(document, document ? "" : qPrintable(document.error().text()));
    const auto &image = std::get<ImageManifest>(*document);
    QCOMPARE(image.config.digest, digestOf(config));
    QCOMPARE(image.layers.size(), 2);
    QCOMPARE(image.layers[0].mediaType, u"application/vnd.oci.image.layer.v1.tar+gzip"_s);
    QCOMPARE(image.layers[1].size, 20);
    const auto index = parseImageDocument(exportedIndex(manifest, {u"app:1"_s, u"app:2"_s}), {}, u"index"_s);
    QVERIFY(index);
    QCOMPARE(std::get<ImageIndex>(*index).manifests.size(), 2);
    QCOMPARE(std::get<ImageIndex>(*index).manifests[1].name, u"2"_s);
    QCOMPARE(std::get<ImageIndex>(*index).manifests[1].digest, digestOf(manifest));
}

void ExportDocumentsTest::namesTheImageForEveryTool()
{
    const QByteArray index = exportedIndex("{}", {u"app:1"_s});
    const QJsonValue annotations = QJsonDocument::fromJson(index)["manifests"_L1][0]["annotations"_L1];
    QCOMPARE(annotations["org.opencontainers.image.ref.name"_L1].toString(), u"1"_s);
    QCOMPARE(annotations["io.containerd.image.name"_L1].toString(), u"docker.io/library/app:1"_s);
    const QJsonDocument docker =
        QJsonDocument::fromJson(exportedDockerManifest("{}", {{digestOf("a"), 1}}, {u"app:1"_s}));
    QCOMPARE(docker[0]["RepoTags"_L1].toArray(), QJsonArray{u"app:1"_s});
    QCOMPARE(docker[0]["Config"_L1].toString(),
             u"blobs/sha256/"_s + QString::fromLatin1(digestOf("{}").mid(7)));
    QCOMPARE(docker[0]["Layers"_L1].toArray().size(), 1);
    QVERIFY(QJsonDocument::fromJson(exportedDockerManifest("{}", {}, {}))[0]["RepoTags"_L1].isNull());
}

void ExportDocumentsTest::checksNames_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("bare") << u"app"_s << u"app:latest"_s;
    QTest::newRow("tagged") << u"team/app:1.0"_s << u"team/app:1.0"_s;
    QTest::newRow("of Docker's registry") << u"docker.io/library/app:2"_s << u"app:2"_s;
    QTest::newRow("of another registry") << u"localhost:5000/app"_s << u"localhost:5000/app:latest"_s;
    QTest::newRow("capitals") << u"My/App"_s << QString();
    QTest::newRow("digest") << u"app@"_s + QString::fromLatin1(digestOf("a")) << QString();
}

void ExportDocumentsTest::checksNames()
{
    QFETCH(QString, given);
    QFETCH(QString, expected);
    QCOMPARE(exportedName(given).value_or(QString()), expected);
}

QTEST_GUILESS_MAIN(ExportDocumentsTest)
#include "tst_exportdocuments.moc"
