#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/layerfixture.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

using Entries = std::vector<TarEntry>;
Q_DECLARE_METATYPE(Entries)

class HostileLayersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areRefused_data();
    void areRefused();
    void doNotGetOutThroughPlantedLinks();
    void areRefusedWhenCompressedTwice();
    void areRefusedWhenTruncated_data();
    void areRefusedWhenTruncated();
    void areRefusedWhenTheyAreNoTar();
    void areRefusedAboveTheirLimits();
    void areRefusedWhenTheyDeclareMoreThanIsFree();
    void endWhenStopped();
};

void HostileLayersTest::areRefused_data()
{
    QTest::addColumn<Entries>("entries");
    QTest::addColumn<QString>("entry");
    const auto row = [](const char *name, Entries entries, const char *shown = "") {
        const QString last = QString::fromStdString(entries.back().name).left(20);
        QTest::newRow(name) << entries << (*shown ? QString::fromLatin1(shown) : last);
    };
    row("parent folder", {file("../evil")});
    row("parent folder inside", {folder("a"), file("a/../../evil")});
    row("absolute with parent", {file("/../evil")});
    row("root becomes a link", {softLink("./", "/etc")});
    row("root becomes a link by another name", {softLink("/.", "/etc")});
    row("root becomes a file", {{.name = ".", .type = AE_IFREG}});
    row("hard link out", {hardLink("evil", "../../etc/passwd")}, "../../etc/passwd");
    row("hard link to nothing", {hardLink("evil", "not/there")});
    row("hard link to a folder", {folder("d"), hardLink("evil", "d")});
    row("hard link through a planted link", {softLink("l", "/etc"), hardLink("evil", "l/passwd")});
    row("whiteout in disguise", {{.name = "evil", .type = AE_IFCHR, .device = 0}});
    row("bare deletion mark", {file(".wh.", "")});
    row("deletion of a dot", {file(".wh..", "")});
    row("deletion of two dots", {file("a/.wh...", "")});
    row("deletion mark as a folder", {file(".wh.x/y")});
    row("a file as a folder", {file("a"), file("a/b")}, "test.tar: a:");
    row("link circle", {softLink("a", "b"), softLink("b", "a"), file("a/evil")}, "test.tar: a:");
    row("long part", {file(std::string(256, 'p'))});
    row("long name", {file(std::string(250, 'p') + '/' + std::string(4000, 'q'))});
    row("owner beyond 32 bits", {{.name = "evil", .uid = 1ll << 33}});
    row("huge attribute", {{.name = "evil", .xattrs = {{"user.big", std::string(65'537, 'v')}}}});
    row("one terabyte", {{.name = "evil", .content = "x", .sparseSize = 1ll << 50}});
}

void HostileLayersTest::areRefused()
{
    QFETCH(Entries, entries);
    QFETCH(QString, entry);
    LayerFixture layer;
    const auto done = layer.add(entries);
    QVERIFY(!done);
    QVERIFY2(done.error().kind == ErrorKind::BadInput || done.error().kind == ErrorKind::Full ||
                 done.error().kind == ErrorKind::Failed,
             why(done).constData());
    QVERIFY2(done.error().text().contains(entry), why(done).constData());
    QCOMPARE(layer.outside(), QStringList());
}

void HostileLayersTest::doNotGetOutThroughPlantedLinks()
{
    LayerFixture layer;
    QTemporaryDir victim;
    const std::string target = victim.path().toStdString();
    const auto done = layer.add(
        {softLink("out", target), file("out/planted", "evil"), softLink("f", target + "/f"),
         file("f", "evil"), softLink("up", "../../../../../../../.."), file("up/planted-at-the-top", "in"),
         folder("d"), softLink("d", target), file("d/x", "evil")});
    QVERIFY2(done, why(done).constData());
    QVERIFY(QDir(victim.path()).isEmpty());
    QCOMPARE(layer.content("f"), "evil");
    QCOMPARE(layer.content("planted-at-the-top"), "in");
    QCOMPARE(layer.content(target.substr(1) + "/planted"), "evil");
}

void HostileLayersTest::areRefusedWhenCompressedTwice()
{
    LayerFixture layer;
    const QByteArray twice =
        compressed(compressed(tarOf({file("f")}), ARCHIVE_FILTER_GZIP), ARCHIVE_FILTER_GZIP);
    const auto done = layer.add(twice);
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
}

void HostileLayersTest::areRefusedWhenTruncated_data()
{
    QTest::addColumn<int>("filter");
    QTest::newRow("plain") << ARCHIVE_FILTER_NONE;
    QTest::newRow("gzip") << ARCHIVE_FILTER_GZIP;
    QTest::newRow("zstd") << ARCHIVE_FILTER_ZSTD;
}

void HostileLayersTest::areRefusedWhenTruncated()
{
    QFETCH(int, filter);
    QByteArray noise(200'000, '\0');
    for (quint64 i = 0; i < quint64(noise.size()); ++i)
        noise[qsizetype(i)] = static_cast<char>((i * i * 2654435761u) >> 13);
    const QByteArray whole = tarOf({file("f", noise.toStdString())}, filter);
    LayerFixture layer;
    const auto done = layer.add(whole.first(whole.size() / 2));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
    QVERIFY(!done.error().next.isEmpty());
}

void HostileLayersTest::areRefusedWhenTheyAreNoTar()
{
    LayerFixture layer;
    const auto done = layer.add(QByteArray("<html>not found</html>").repeated(100));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::BadInput);
}

void HostileLayersTest::areRefusedAboveTheirLimits()
{
    LayerFixture layer;
    const QByteArray tar = tarOf({file("a"), file("b"), file("c", std::string(1000, 'c'))});
    QVERIFY(!layer.add(tar, {.entries = 2}));
    QVERIFY(!layer.add(tar, {.bytes = 1001}));
    QVERIFY(layer.add(tar, {.entries = 3, .bytes = 1002}));
    const QByteArray folders = tarOf({folder("a"), folder("b"), file(".wh.c", ""), file("d")});
    QVERIFY(!layer.add(folders, {.kept = 2}));
    QVERIFY(layer.add(folders, {.kept = 10}));
}

void HostileLayersTest::areRefusedWhenTheyDeclareMoreThanIsFree()
{
    LayerFixture layer;
    const QByteArray tar = tarOf({{.name = "big", .content = "x", .sparseSize = 1ll << 50}});
    QVERIFY(tar.size() < 20'000);
    const auto done = layer.add(tar);
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Full);
}

void HostileLayersTest::endWhenStopped()
{
    QTemporaryDir folder;
    QFile tar(folder.filePath(u"layer.tar"_s));
    QVERIFY(tar.open(QFile::ReadWrite));
    tar.write(tarOf({file("a", std::string(1'000'000, 'x'))}));
    tar.flush();
    QVERIFY(QDir(folder.path()).mkdir(u"layer"_s));
    auto unpacker = embedded::LayerUnpacker::open(folder.filePath(u"layer"_s).toStdString());
    QVERIFY(unpacker);
    std::stop_source stop;
    embedded::FileStream stream(tar.handle(), tar.fileName(), stop.get_token(), 0,
                                [&](qint64) { stop.request_stop(); });
    const auto done = unpacker->unpack(stream, tar.fileName());
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Cancelled);
}

COOPERAGE_TEST_MAIN_AS_ROOT(HostileLayersTest)
#include "tst_hostilelayers.moc"
