#include "core/embedded/archive/hiddenfiles.h"
#include "core/embedded/archive/layerform.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <fcntl.h>
#include <sys/stat.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// POST /v1/images/{uuid}/layers/{count} and GET /v1/images/{uuid}/waste (docs/engine-protocol.md).
class TestServerLayerImages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        const QString first =
            ran(u"mkdir -p /d/sub /gone /opaque; echo 1 > /d/kept; echo 22 > /d/changed;"
                " dd if=/dev/zero of=/d/big bs=1k count=100; echo 3 > /gone/x;"
                " echo 4 > /opaque/old; echo 5 > /type; echo 6 > /d/sub/deep; ln -s kept /d/l"_s);
        const QString second = ran(u"rm /d/big /d/l; echo 2 > /d/changed; rm -r /gone"_s, first);
        m_image = ran(u"mkdir /gone; echo n > /gone/x; rm -r /opaque; mkdir /opaque; echo n > /opaque/old;"
                      " rm /type; mkdir /type; rm -r /d/sub; echo 9 > /d/changed"_s,
                      second);
        QVERIFY(!m_image.isEmpty());
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aLayerIsAnImage();
    void itsConfigIsThatOfItsLayers();
    void listsLeaveItOutUntilItHasATag();
    void othersAreRefused_data();
    void othersAreRefused();
    void allLayersAreTheImageItself();
    void wastedFilesAreTold();
    void theBiggestComeFirstAndAllAreCounted();
    void hardLinksCountOnce();
    void opaqueFoldersHideWhatIsBelow();
    void anImageOfOneLayerWastesNothing();
    void aClientThatLeavesEndsTheSearch();

private:
    QString ran(const QString &script, const QString &image = {})
    {
        QJsonObject request;
        if (!image.isEmpty())
            request[u"image"_s] = image;
        return imageOf(m_fixture->shell(script, request));
    }
    static std::string path(const QString &image, const std::string &below)
    {
        return "/v1/images/" + image.toStdString() + below;
    }
    Reply layers(const QString &image, int count)
    {
        return m_fixture->client().post(path(image, "/layers/" + std::to_string(count)), {});
    }
    Reply waste(const QString &image, const std::string &query = {})
    {
        return m_fixture->client().Get(path(image, "/waste" + query));
    }
    /// "layer>hiddenBy path", with a minus where it was removed; by path.
    static QStringList lines(const Reply &reply)
    {
        QStringList result;
        for (const QJsonValue &file : reply.json().value(u"files"_s).toArray())
            result << file[u"path"_s].toString() + u" %1>%2%3"_s.arg(file[u"layer"_s].toInt())
                                                       .arg(file[u"hidden_by"_s].toInt())
                                                       .arg(file[u"removed"_s].toBool() ? u"-"_s : u""_s);
        result.sort();
        return result;
    }
    /// A layer whose folder `fill` has filled.
    LayerId layer(const std::function<void(const std::string &)> &fill)
    {
        Result<LayerDraft> draft = m_fixture->store().beginLayer();
        fill(draft->upper() + '/');
        return *m_fixture->store().commitLayer(*std::move(draft));
    }
    static void write(const std::string &path, qsizetype size = 4)
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QFile::WriteOnly) && file.write(QByteArray(size, 'x')) == size);
    }
    QString imageOfLayers(const std::vector<LayerId> &layers)
    {
        return m_fixture->store().createImage({.layers = layers})->uuid;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_image; ///< busybox and three layers more.
};

void TestServerLayerImages::aLayerIsAnImage()
{
    const Reply made = layers(m_image, 2);
    QCOMPARE(made.status, 201);
    const QString uuid = made.text(u"uuid"_s);
    QVERIFY(made.json().value(u"tag"_s).isNull());
    const Reply again = layers(m_image, 2);
    QCOMPARE(again.status, 200);
    QCOMPARE(again.json(), made.json());
    const auto held = [&](const QString &image) {
        return Reply(m_fixture->client().Get(path(image, "/layers"))).json().value(u"layers"_s).toArray();
    };
    QJsonArray lowest = held(m_image);
    lowest.removeLast();
    lowest.removeLast();
    QCOMPARE(held(uuid), lowest);
    QCOMPARE(outputOf(m_fixture->shell(u"cat /d/changed"_s, {{u"image"_s, uuid}})), u"22\n"_s);
}

void TestServerLayerImages::itsConfigIsThatOfItsLayers()
{
    const std::vector<LayerId> all = m_fixture->store().image(m_image)->layers;
    const StoredImage image = *m_fixture->store().createImage(
        {.layers = {all[0], all[1]},
         .config = R"({"config":{"User":"late","Env":["A=b"]},"history":[{"created_by":"FROM"},
                       {"created_by":"USER late","empty_layer":true},{"created_by":"RUN x"}]})"});
    const Reply config = m_fixture->client().Get(path(layers(image.uuid, 1).text(u"uuid"_s), "/config"));
    QCOMPARE(config.json().value(u"history"_s).toArray().size(), 2);
    QCOMPARE(config.json().value(u"config"_s)[u"Env"_s].toArray(), QJsonArray{u"A=b"_s});
}

void TestServerLayerImages::listsLeaveItOutUntilItHasATag()
{
    const QString uuid = layers(m_image, 3).text(u"uuid"_s);
    const auto isIn = [&](const std::string &list, const QString &key) {
        const QJsonArray images = Reply(m_fixture->client().Get(list)).json().value(key).toArray();
        return std::ranges::any_of(images, [&](const QJsonValue &row) { return row[u"uuid"_s] == uuid; });
    };
    const auto listed = [&] {
        return QList<bool>{isIn("/v1/images?limit=1000", u"images"_s), isIn("/v1/images/list", u"images"_s),
                           isIn("/v1/storage", u"images"_s)};
    };
    QCOMPARE(listed(), (QList<bool>{false, false, false}));
    QCOMPARE(Reply(m_fixture->client().Get("/v1/inspect/" + uuid.toStdString() + "/")).status, 200);
    const Reply tagged =
        m_fixture->client().Patch(path(uuid, "/tag"), R"({"tag": "part:3"})", "application/json");
    QCOMPARE(tagged.status, 200);
    QCOMPARE(listed(), (QList<bool>{true, true, true}));
    QCOMPARE(layers(m_image, 3).text(u"tag"_s), u"part:3"_s);
    QCOMPARE(Reply(m_fixture->client().Delete(path(uuid, "/tag"))).status, 204);
    QCOMPARE(listed(), (QList<bool>{false, false, false}));
}

void TestServerLayerImages::othersAreRefused_data()
{
    QTest::addColumn<QByteArray>("below");
    QTest::addColumn<int>("status");
    QTest::newRow("none") << QByteArray("/layers/0") << 400;
    QTest::newRow("more than there are") << QByteArray("/layers/5") << 400;
    QTest::newRow("no number") << QByteArray("/layers/x") << 400;
    QTest::newRow("more than any") << QByteArray("/layers/99999999999999999999") << 400;
    QTest::newRow("limit of the wasted files") << QByteArray("/waste?limit=0") << 400;
}

void TestServerLayerImages::othersAreRefused()
{
    QFETCH(QByteArray, below);
    const bool isPost = below.startsWith("/layers");
    for (const QString &image : {m_image, u"11111111-1111-1111-1111-111111111111"_s}) {
        const std::string address = path(image, below.toStdString());
        const Reply reply =
            isPost ? m_fixture->client().post(address, {}) : Reply(m_fixture->client().Get(address));
        if (image == m_image)
            QTEST(reply.status, "status");
        else
            QVERIFY(reply.status == 404 || reply.status == 400);
        QVERIFY(!reply.text(u"error"_s).isEmpty());
    }
}

void TestServerLayerImages::allLayersAreTheImageItself()
{
    const Reply reply = layers(m_image, 4);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.text(u"uuid"_s), m_image);
    QCOMPARE(layers(u"11111111-1111-1111-1111-111111111111"_s, 1).status, 404);
}

void TestServerLayerImages::wastedFilesAreTold()
{
    const Reply reply = waste(m_image);
    QCOMPARE(reply.status, 200);
    QCOMPARE(lines(reply),
             (QStringList{u"/d/big 1>2-"_s, u"/d/changed 1>2"_s, u"/d/changed 2>3"_s, u"/d/sub/deep 1>3-"_s,
                          u"/gone/x 1>2-"_s, u"/opaque/old 1>3"_s, u"/type 1>3"_s}));
    QCOMPARE(reply.json().value(u"count"_s).toInt(), 7);
    qint64 bytes = 0;
    for (const QJsonValue &file : reply.json().value(u"files"_s).toArray())
        bytes += file[u"size"_s].toInteger();
    QVERIFY(bytes >= 100 * 1024 && bytes < 200 * 1024);
    QCOMPARE(reply.json().value(u"bytes"_s).toInteger(), bytes);
    QCOMPARE(lines(waste(layers(m_image, 3).text(u"uuid"_s))),
             (QStringList{u"/d/big 1>2-"_s, u"/d/changed 1>2"_s, u"/gone/x 1>2-"_s}));
}

void TestServerLayerImages::theBiggestComeFirstAndAllAreCounted()
{
    const QJsonObject all = waste(m_image).json();
    const Reply reply = waste(m_image, "?limit=3");
    const QJsonArray files = reply.json().value(u"files"_s).toArray();
    QCOMPARE(files.size(), 3);
    QCOMPARE(files[0][u"path"_s].toString(), u"/d/big"_s);
    QCOMPARE(files[1][u"path"_s].toString(), u"/d/changed"_s);
    QCOMPARE(files[1][u"layer"_s].toInt(), 1);
    QCOMPARE(reply.json().value(u"bytes"_s), all.value(u"bytes"_s));
    QCOMPARE(reply.json().value(u"count"_s), all.value(u"count"_s));
}

void TestServerLayerImages::hardLinksCountOnce()
{
    const LayerId base = layer([](const std::string &root) {
        ::mkdir((root + "d").c_str(), 0755);
        for (const std::string name : {"all", "some"}) {
            write(root + "d/" + name + "1", 5000);
            ::link((root + "d/" + name + "1").c_str(), (root + "d/" + name + "2").c_str());
        }
    });
    const auto without = [&](const std::vector<std::string> &names) {
        return layer([&](const std::string &root) {
            ::mkdir((root + "d").c_str(), 0755);
            const int folder = ::open((root + "d").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            for (const std::string &name : names)
                QVERIFY(makeWhiteout(folder, name));
            ::close(folder);
        });
    };
    const LayerId second = without({"all2", "some1"});
    QCOMPARE(lines(waste(imageOfLayers({base, second}))), QStringList());
    const Reply reply = waste(imageOfLayers({base, second, without({"all1"})}));
    QCOMPARE(lines(reply), QStringList{u"/d/all1 0>2-"_s});
    QCOMPARE(reply.json().value(u"bytes"_s).toInt(), 8192);
}

void TestServerLayerImages::opaqueFoldersHideWhatIsBelow()
{
    const LayerId base = layer([](const std::string &root) {
        ::mkdir((root + "d").c_str(), 0755);
        ::mkdir((root + "d/e").c_str(), 0755);
        write(root + "d/e/gone");
        write(root + "d/again");
        write(root + "seen");
    });
    const LayerId upper = layer([](const std::string &root) {
        ::mkdir((root + "d").c_str(), 0755);
        const int folder = ::open((root + "d").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        QVERIFY(makeOpaque(folder));
        ::close(folder);
        write(root + "d/again");
    });
    // The lowest that hides it counts, whatever those further up do.
    const LayerId top = layer([](const std::string &root) { write(root + "d"); });
    QCOMPARE(lines(waste(imageOfLayers({base, upper, top}))),
             (QStringList{u"/d/again 0>1"_s, u"/d/again 1>2-"_s, u"/d/e/gone 0>1-"_s}));
    QCOMPARE(lines(waste(imageOfLayers({base, top}))),
             (QStringList{u"/d/again 0>1-"_s, u"/d/e/gone 0>1-"_s}));
}

void TestServerLayerImages::anImageOfOneLayerWastesNothing()
{
    const Reply reply = waste(m_fixture->busybox());
    QCOMPARE(reply.json(), (QJsonObject{{u"files"_s, QJsonArray()}, {u"bytes"_s, 0}, {u"count"_s, 0}}));
}

void TestServerLayerImages::aClientThatLeavesEndsTheSearch()
{
    HiddenFileSearch search;
    const StoredImage image = *m_fixture->store().image(m_image);
    for (const LayerId &id : image.layers)
        search.layers.push_back(m_fixture->store().layerPath(id));
    int folders = 0;
    int files = 0;
    search.found = [&](const HiddenFile &) { ++files; };
    search.mustStop = [&] { return ++folders > 1; };
    QCOMPARE(findHiddenFiles(search).error().kind, ErrorKind::Cancelled);
    QCOMPARE(folders, 2);
    QVERIFY(files < 7);
}

QTEST_GUILESS_MAIN(TestServerLayerImages)
#include "tst_serverlayerimages.moc"
