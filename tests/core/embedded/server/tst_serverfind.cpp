#include "core/embedded/server/namesearch.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QElapsedTimer>

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// GET /v1/inspect/{uuid}/find (docs/engine-protocol.md).
class TestServerFind : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        const QString lower = imageOf(m_fixture->shell(
            u"mkdir -p /t/Conf /t/a /t/a-b; echo gone > /t/gone.conf; echo 123 > /t/Main.conf; echo > "
            u"/t/a/x.conf;"
            " echo > /t/a-b/x.conf; echo > /t/Conf/readme; ln -s /t/a /t/link; ln -s nowhere /t/dead.conf"_s));
        m_image = imageOf(m_fixture->shell(u"rm /t/gone.conf; echo > /t/new.conf; chmod 600 /t/new.conf"_s,
                                           {{u"image"_s, lower}}));
        QVERIFY(!m_image.isEmpty());
    }
    void cleanupTestCase()
    {
        m_fixture->stop();
        m_fixture->closeStore();
        // QTemporaryDir leaves names that are not UTF-8.
        std::filesystem::remove_all((m_fixture->folder() + u"/a store"_s).toStdString());
        m_fixture.reset();
    }

    void filesAreFound_data();
    void filesAreFound();
    void sizeAndModeAreTold();
    void theLimitKeepsTheFirstOnes();
    void badQueriesAreRefused_data();
    void badQueriesAreRefused();
    void deepTreesAndOddNamesAreSearched();
    void manyStarsTakeNoTime();
    void aClientThatLeavesEndsTheSearch();

private:
    Reply find(const std::string &query, const QString &image = {})
    {
        return m_fixture->client().Get("/v1/inspect/" + (image.isEmpty() ? m_image : image).toStdString() +
                                       "/find?" + query);
    }
    static QStringList paths(const Reply &reply)
    {
        QStringList result;
        for (const QJsonValue &file : reply.json().value(u"files"_s).toArray())
            result << file[u"path"_s].toString();
        return result;
    }
    /// An image of one layer whose folder `fill` has filled.
    QString image(const std::function<void(int)> &fill)
    {
        Result<LayerDraft> draft = m_fixture->store().beginLayer();
        const int root = ::open(draft->upper().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        fill(root);
        ::close(root);
        const Result<LayerId> made = m_fixture->store().commitLayer(*std::move(draft));
        if (!made)
            qWarning("%s", qUtf8Printable(made.error().text()));
        return made ? m_fixture->store().createImage({.layers = {*made}})->uuid : QString();
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_image;
};

void TestServerFind::filesAreFound_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QStringList>("expected");
    const QStringList all{u"/t/Conf"_s,     u"/t/Main.conf"_s, u"/t/a-b/x.conf"_s,
                          u"/t/a/x.conf"_s, u"/t/dead.conf"_s, u"/t/new.conf"_s};
    QTest::newRow("part of the name, byte by byte") << QByteArray("pattern=CONF&path=/t") << all;
    QTest::newRow("in its case") << QByteArray("pattern=Conf&case=sensitive") << QStringList{u"/t/Conf"_s};
    QTest::newRow("glob of the name")
        << QByteArray("pattern=x.*") << QStringList{u"/t/a-b/x.conf"_s, u"/t/a/x.conf"_s};
    QTest::newRow("glob of the path")
        << QByteArray("pattern=/t/*/x.conf") << QStringList{u"/t/a-b/x.conf"_s, u"/t/a/x.conf"_s};
    QTest::newRow("part of the path") << QByteArray("pattern=a/x") << QStringList{u"/t/a/x.conf"_s};
    QTest::newRow("only below") << QByteArray("pattern=*&path=/t/a/") << QStringList{u"/t/a/x.conf"_s};
    QTest::newRow("below, without a slash")
        << QByteArray("pattern=x&path=t/a") << QStringList{u"/t/a/x.conf"_s};
    QTest::newRow("below a link that is named")
        << QByteArray("pattern=x&path=/t/link") << QStringList{u"/t/link/x.conf"_s};
    QTest::newRow("links are not followed")
        << QByteArray("pattern=link*&path=/t") << QStringList{u"/t/link"_s};
    QTest::newRow("nothing") << QByteArray("pattern=gone.conf") << QStringList();
}

void TestServerFind::filesAreFound()
{
    QFETCH(QByteArray, query);
    const Reply reply = find(query.toStdString());
    QCOMPARE(reply.status, 200);
    QTEST(paths(reply), "expected");
    QCOMPARE(reply.json().value(u"truncated"_s), QJsonValue(false));
}

void TestServerFind::sizeAndModeAreTold()
{
    const QJsonArray files = find("pattern=*.conf&path=/t").json().value(u"files"_s).toArray();
    QCOMPARE(files[0].toObject(),
             (QJsonObject{{u"path"_s, u"/t/Main.conf"_s}, {u"size"_s, 4}, {u"mode"_s, 0100644}}));
    QCOMPARE(files[4][u"mode"_s].toInt(), 0100600);
    QVERIFY(S_ISLNK(static_cast<mode_t>(files[3][u"mode"_s].toInt())));
}

void TestServerFind::theLimitKeepsTheFirstOnes()
{
    const Reply two = find("pattern=.conf&path=/t&limit=2");
    QCOMPARE(paths(two), (QStringList{u"/t/Main.conf"_s, u"/t/a-b/x.conf"_s}));
    QCOMPARE(two.json().value(u"truncated"_s), QJsonValue(true));
    const Reply five = find("pattern=.conf&path=/t&limit=5");
    QCOMPARE(paths(five).size(), 5);
    QCOMPARE(five.json().value(u"truncated"_s), QJsonValue(false));
}

void TestServerFind::badQueriesAreRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    QTest::newRow("no pattern") << QByteArray("path=/") << 400;
    QTest::newRow("empty pattern") << QByteArray("pattern=") << 400;
    QTest::newRow("malformed glob") << QByteArray("pattern=[a") << 400;
    QTest::newRow("unknown case") << QByteArray("pattern=a&case=smart") << 400;
    QTest::newRow("limit 0") << QByteArray("pattern=a&limit=0") << 400;
    QTest::newRow("out of the image") << QByteArray("pattern=a&path=/..") << 400;
    QTest::newRow("no such folder") << QByteArray("pattern=a&path=/nothing") << 404;
    QTest::newRow("no folder") << QByteArray("pattern=a&path=/t/Main.conf") << 422;
}

void TestServerFind::badQueriesAreRefused()
{
    QFETCH(QByteArray, query);
    const Reply reply = find(query.toStdString());
    QTEST(reply.status, "status");
    QVERIFY(!reply.text(u"error"_s).isEmpty());
    QCOMPARE(find("pattern=a", u"11111111-1111-1111-1111-111111111111"_s).status, 404);
}

void TestServerFind::deepTreesAndOddNamesAreSearched()
{
    const auto nested = [&](int depth) {
        return image([&](int root) {
            int folder = ::dup(root);
            for (int i = 0; i < depth; ++i) {
                ::mkdirat(folder, "d", 0755);
                const int below = ::openat(folder, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                ::close(folder);
                folder = below;
            }
            ::close(::openat(folder, "bottom\xff", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
            ::close(folder);
        });
    };
    const Reply deep = find("pattern=bottom", nested(400));
    QCOMPARE(paths(deep).size(), 1);
    QVERIFY(paths(deep).first().endsWith(u"/bottom\ufffd"_s));
    QCOMPARE(find("pattern=bottom", nested(600)).status, 422);
}

void TestServerFind::manyStarsTakeNoTime()
{
    QString name(240, u'a');
    const QString image = this->image([&](int root) {
        ::close(::openat(root, name.toLatin1().constData(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    });
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(paths(find("pattern=" + QString(u"*a"_s.repeated(100) + u"b"_s).toStdString(), image)),
             QStringList());
    QVERIFY(timer.elapsed() < 1000);
}

void TestServerFind::aClientThatLeavesEndsTheSearch()
{
    const auto view = [&] {
        const QByteArray root = QFile::encodeName(m_fixture->folder());
        return Fd(::open(root.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }();
    NameSearch search(*context::NamePattern::compile(u"*"_s, false), 1000);
    const Result<> given = search.search(view, {}, ClientWatch([] { return true; }));
    QCOMPARE(given.error().kind, ErrorKind::Cancelled);
    QVERIFY(search.files().isEmpty());
    const Result<> whole = search.search(view, {}, ClientWatch([] { return false; }));
    QVERIFY(whole && !search.files().isEmpty());
}

QTEST_GUILESS_MAIN(TestServerFind)
#include "tst_serverfind.moc"
