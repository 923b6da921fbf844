#include "core/engine/contree/contreeengine.h"
#include "tests/core/embedded/server/serverfixture.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using engine::ImageChange;

/// Our own client against our own server, with the extensions and in plain v1.
class TestEngineClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_base = imageOf(
            m_fixture->shell(u"mkdir -p /a/b /old; echo 1 > /a/one; echo 2 > /a/b/two; echo x > /old/x;"
                             " echo t > /type; ln -s one /a/link"_s));
        m_image = imageOf(
            m_fixture->shell(u"echo changed > /a/one; rm -r /old; mkdir -p /new/deep; echo y > /new/deep/y;"
                             " rm /type; mkdir /type; echo z > /type/z; chmod 700 /a/b; rm /a/link;"
                             " ln -s two /a/link"_s,
                             {{u"image"_s, m_base}}));
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void diffIsTheSameBothWays_data();
    void diffIsTheSameBothWays();
    void diffKeepsItsLimit();
    void searchesAreAnswered();
    void layersAreToldOrRefused();
    void layersAreImages();
    void wastedFilesAreTold();
    void searchesByNameAreTheSameBothWays_data();
    void searchesByNameAreTheSameBothWays();
    void removingIsRefusedWithoutTheExtension();

private:
    void serve(bool extensions)
    {
        m_fixture->stop();
        m_fixture->start([=](ServerOptions &options) { options.extensions = extensions; });
    }
    [[nodiscard]] std::unique_ptr<engine::Engine> client() const
    {
        return std::make_unique<engine::contree::ContreeEngine>(
            engine::contree::Endpoint{.socketPath = m_fixture->socket()});
    }
    static QStringList lines(const engine::ImageDiff &diff)
    {
        QStringList result;
        for (const ImageChange &change : diff.changes)
            result << u"%1 %2 %3 %4 %5"_s.arg(static_cast<int>(change.kind))
                          .arg(change.path)
                          .arg(change.content)
                          .arg(change.mode, 0, 8)
                          .arg(change.baseMode, 0, 8);
        return result;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_base;
    QString m_image;
};

void TestEngineClient::diffIsTheSameBothWays_data()
{
    QTest::addColumn<bool>("withBase");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("count");
    QTest::newRow("everything") << true << u"/"_s << 10;
    QTest::newRow("below a folder") << true << u"/a"_s << 3;
    QTest::newRow("against nothing") << false << u"/a"_s << 4;
    QTest::newRow("a folder of one of them") << true << u"/new"_s << 2;
}

void TestEngineClient::diffIsTheSameBothWays()
{
    QFETCH(bool, withBase);
    QFETCH(QString, path);
    QFETCH(int, count);
    QStringList first;
    for (const bool extensions : {true, false}) {
        serve(extensions);
        const auto diff = QCoro::waitFor(client()->diff(m_image, withBase ? m_base : QString(), path, 1000));
        QVERIFY2(diff, qPrintable(diff ? QString() : diff.error().text()));
        QCOMPARE(diff->changes.size(), count);
        QCOMPARE(diff->added + diff->changed + diff->removed, count);
        QVERIFY(!diff->truncated);
        if (extensions)
            first = lines(*diff);
        QCOMPARE(lines(*diff), first);
        QCOMPARE(QCoro::waitFor(client()->diff(m_image, m_base, u"/nowhere"_s, 10)).error().kind,
                 ErrorKind::NotFound);
    }
}

void TestEngineClient::diffKeepsItsLimit()
{
    for (const bool extensions : {true, false}) {
        serve(extensions);
        const auto diff = QCoro::waitFor(client()->diff(m_image, m_base, u"/"_s, 2));
        QVERIFY(diff);
        QCOMPARE(diff->changes.size(), 2);
        QVERIFY(diff->truncated);
        QCOMPARE(diff->added, 4);
        QCOMPARE(diff->removed, 2);
        QCOMPARE(diff->changed, 4);
    }
}

void TestEngineClient::searchesAreAnswered()
{
    engine::GrepRequest request;
    request.image = m_image;
    request.patterns = {u"CHANGED"_s, u"^y$"_s};
    request.paths = {u"/a"_s, u"/new"_s};
    request.caseMode = engine::GrepRequest::Case::Insensitive;
    const auto found = QCoro::waitFor(client()->grep(request));
    QVERIFY2(found, qPrintable(found ? QString() : found.error().text()));
    QCOMPARE(found->lines.size(), 2);
    QCOMPARE(found->lines[0].path, u"a/one"_s);
    QCOMPARE(found->lines[0].text, u"changed"_s);
    QCOMPARE(found->lines[1].number, 1);
    request.patterns = {u"("_s};
    const auto refused = QCoro::waitFor(client()->grep(request));
    QVERIFY(!refused && refused.error().text().contains("("_L1));
}

void TestEngineClient::layersAreToldOrRefused()
{
    serve(true);
    const auto layers = QCoro::waitFor(client()->layers(m_image));
    QVERIFY(layers);
    QCOMPARE(layers->size(), static_cast<qsizetype>(m_fixture->store().image(m_image)->layers.size()));
    QVERIFY(!layers->last().id.isEmpty() && layers->first().size > 0);
    serve(false);
    const auto refused = QCoro::waitFor(client()->layers(m_image));
    QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
}

void TestEngineClient::layersAreImages()
{
    serve(true);
    const auto made = QCoro::waitFor(client()->layerImage(m_image, 2));
    QVERIFY2(made, qPrintable(made ? QString() : made.error().text()));
    QCOMPARE(QCoro::waitFor(client()->layerImage(m_image, 2))->uuid, made->uuid);
    QCOMPARE(QCoro::waitFor(client()->layers(made->uuid))->size(), 2);
    const auto listed = QCoro::waitFor(client()->images({}));
    QVERIFY(listed && std::ranges::none_of(*listed, [&](const engine::ImageRecord &image) {
                return image.uuid == made->uuid;
            }));
    QCOMPARE(QCoro::waitFor(client()->layerImage(m_image, 9)).error().kind, ErrorKind::BadInput);
    serve(false);
    QCOMPARE(QCoro::waitFor(client()->layerImage(m_image, 2)).error().kind, ErrorKind::Unsupported);
}

void TestEngineClient::wastedFilesAreTold()
{
    serve(true);
    const auto report = QCoro::waitFor(client()->waste(m_image, 2));
    QVERIFY2(report, qPrintable(report ? QString() : report.error().text()));
    QCOMPARE(report->count, 3); // /a/one, /old/x and /type
    QCOMPARE(report->bytes, 3 * 4096);
    QCOMPARE(report->files,
             (QList<engine::WastedFile>{{u"/a/one"_s, 4096, 1, 2, false}, {u"/old/x"_s, 4096, 1, 2, true}}));
    serve(false);
    QCOMPARE(QCoro::waitFor(client()->waste(m_image, 2)).error().kind, ErrorKind::Unsupported);
}

void TestEngineClient::searchesByNameAreTheSameBothWays_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("caseSensitive");
    QTest::addColumn<QStringList>("paths");
    QTest::newRow("part") << u"TWO"_s << u"/"_s << false << QStringList{u"/a/b/two"_s};
    QTest::newRow("part in its case") << u"TWO"_s << u"/"_s << true << QStringList();
    QTest::newRow("glob") << u"[xyz]"_s << u"/"_s << false << QStringList{u"/new/deep/y"_s, u"/type/z"_s};
    QTest::newRow("glob of the path")
        << u"/a/*"_s << u"/"_s << false << QStringList{u"/a/b"_s, u"/a/link"_s, u"/a/one"_s};
    QTest::newRow("below a folder") << u"*"_s << u"/new"_s << false
                                    << QStringList{u"/new/deep"_s, u"/new/deep/y"_s};
}

void TestEngineClient::searchesByNameAreTheSameBothWays()
{
    QFETCH(QString, pattern);
    QFETCH(QString, path);
    QFETCH(bool, caseSensitive);
    QFETCH(QStringList, paths);
    engine::FindRequest request{
        .image = m_image, .path = path, .pattern = pattern, .caseSensitive = caseSensitive};
    QList<engine::FoundFile> first;
    for (const bool extensions : {true, false}) {
        serve(extensions);
        request.limit = 1000;
        const auto found = QCoro::waitFor(client()->find(request));
        QVERIFY2(found, qPrintable(found ? QString() : found.error().text()));
        QStringList told;
        for (const engine::FoundFile &file : found->files)
            told << file.path;
        QCOMPARE(told, paths);
        QVERIFY(!found->truncated);
        if (extensions)
            first = found->files;
        QCOMPARE(found->files, first);
        request.limit = 1;
        const auto limited = QCoro::waitFor(client()->find(request));
        QVERIFY(limited);
        QCOMPARE(limited->files, first.first(std::min<qsizetype>(1, first.size())));
        QCOMPARE(limited->truncated, first.size() > 1);
        engine::FindRequest malformed = request;
        malformed.pattern = u"[a"_s;
        QCOMPARE(QCoro::waitFor(client()->find(malformed)).error().kind, ErrorKind::BadInput);
    }
}

void TestEngineClient::removingIsRefusedWithoutTheExtension()
{
    serve(false);
    const auto refused = QCoro::waitFor(client()->removeImage(m_image));
    QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
    QVERIFY(m_fixture->store().image(m_image));
}

QTEST_GUILESS_MAIN(TestEngineClient)
#include "tst_engineclient.moc"
