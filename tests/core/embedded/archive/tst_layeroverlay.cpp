#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/layerfixture.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class LayerOverlayTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void turnsDeletionsIntoWhiteouts();
    void ignoresDeletionsInTheBottomLayer();
    void ignoresDeletionsOfWhatIsNotThere();
    void marksOpaqueFolders_data();
    void marksOpaqueFolders();
    void hidesEverythingByAnOpaqueRoot();
    void makesADeletedAndRemadeFolderOpaque_data();
    void makesADeletedAndRemadeFolderOpaque();
    void takesADeletedFoldersContentAlong();
    void copiesMetadataOfImpliedFolders();
    void reportsAFolderInPlaceOfALink();
    void dropsBookkeepingOfAufs();
};

void LayerOverlayTest::turnsDeletionsIntoWhiteouts()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("a"), file("d/b"), file("d/c")}));
    const auto done = layer.add({file(".wh.a", ""), file("d/.wh.b", "")});
    QVERIFY2(done, why(done).constData());
    QVERIFY(layer.isWhiteout("a"));
    QVERIFY(layer.isWhiteout("d/b"));
    QVERIFY(!layer.isOpaque("d"));
    QVERIFY(!layer.exists(".wh.a"));
}

void LayerOverlayTest::ignoresDeletionsInTheBottomLayer()
{
    LayerFixture layer;
    QVERIFY(layer.add({file(".wh.a", ""), folder("d"), file("d/.wh..wh..opq", ""), file("d/x")}));
    QVERIFY(!layer.exists("a"));
    QVERIFY(layer.exists("d/x"));
    QVERIFY(!layer.isOpaque("d"));
}

void LayerOverlayTest::ignoresDeletionsOfWhatIsNotThere()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("a"), file("gone/x")}));
    QVERIFY(layer.add({file(".wh.gone", "")}));
    QVERIFY(layer.add({file("gone/.wh.x", ""), file(".wh.never", ""), file("new/y"), file("new/.wh.z", "")}));
    QVERIFY(!layer.exists("gone"));
    QVERIFY(!layer.exists("never"));
    QVERIFY(!layer.exists("new/z"));
    QVERIFY(layer.exists("new/y"));
}

void LayerOverlayTest::marksOpaqueFolders_data()
{
    QTest::addColumn<bool>("first");
    QTest::newRow("mark first") << true;
    QTest::newRow("mark last") << false;
}

void LayerOverlayTest::marksOpaqueFolders()
{
    QFETCH(bool, first);
    LayerFixture layer;
    QVERIFY(layer.add({folder("d", 0711), file("d/old"), file("d/sub/older")}));
    std::vector<TarEntry> entries{file("d/new", "n"), file("d/.wh.old", ""), file("d/sub/.wh.older", ""),
                                  file("d/sub/n")};
    entries.insert(first ? entries.begin() : entries.end(), file("d/.wh..wh..opq", ""));
    QVERIFY(layer.add(entries));
    QVERIFY(layer.isOpaque("d"));
    QVERIFY(!layer.exists("d/old"));
    QVERIFY(!layer.exists("d/sub/older"));
    QCOMPARE(layer.content("d/new"), "n");
    QCOMPARE(layer.info("d").st_mode & 07777, 0711u);
}

void LayerOverlayTest::hidesEverythingByAnOpaqueRoot()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("a"), file("d/x"), file("e/y")}));
    QVERIFY(layer.add({file(".wh..wh..opq", ""), file("d/new")}));
    QVERIFY(layer.isWhiteout("a"));
    QVERIFY(layer.isWhiteout("e"));
    QVERIFY(layer.isOpaque("d"));
}

void LayerOverlayTest::makesADeletedAndRemadeFolderOpaque_data()
{
    QTest::addColumn<bool>("first");
    QTest::newRow("deleted first") << true;
    QTest::newRow("deleted last") << false;
}

void LayerOverlayTest::makesADeletedAndRemadeFolderOpaque()
{
    QFETCH(bool, first);
    LayerFixture layer;
    QVERIFY(layer.add({file("foo/old"), file("bar/old")}));
    std::vector<TarEntry> entries{file("foo/bar", "new"), file("bar", "a file now")};
    entries.insert(first ? entries.begin() : entries.end(), {file(".wh.foo", ""), file(".wh.bar", "")});
    QVERIFY(layer.add(entries));
    QVERIFY(layer.isOpaque("foo"));
    QCOMPARE(layer.content("foo/bar"), "new");
    QCOMPARE(layer.content("bar"), "a file now");
}

void LayerOverlayTest::takesADeletedFoldersContentAlong()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("foo/a"), file("foo/b")}));
    QVERIFY(layer.add({file(".wh.foo", ""), file("foo/.wh.a", "")}));
    QVERIFY(layer.isWhiteout("foo"));
}

void LayerOverlayTest::copiesMetadataOfImpliedFolders()
{
    LayerFixture layer;
    QVERIFY(layer.add(
        {folder("tmp", 01777),
         {.name = "home", .type = AE_IFDIR, .mode = 0700, .uid = 3, .gid = 4, .xattrs = {{"user.k", "v"}}}}));
    QVERIFY(layer.add({file("tmp/x"), file("home/f"), file("fresh/f")}));
    QCOMPARE(layer.info("tmp").st_mode & 07777, 01777u);
    QCOMPARE(layer.info("tmp").st_mtim.tv_sec, 1'000'000'000);
    QCOMPARE(layer.info("home").st_mode & 07777, 0700u);
    QCOMPARE(layer.info("home").st_uid, 3u);
    QCOMPARE(layer.info("home").st_gid, 4u);
    QCOMPARE(layer.xattr("home", "user.k"), "v");
    QCOMPARE(layer.info("fresh").st_mode & 07777, 0755u);
    // Also through a layer that only passes it on.
    QVERIFY(layer.add({file("tmp/y")}));
    QCOMPARE(layer.info("tmp").st_mode & 07777, 01777u);
    // But not what was deleted and made again.
    QVERIFY(layer.add({file(".wh.home", ""), file("home/g")}));
    QCOMPARE(layer.info("home").st_mode & 07777, 0755u);
    QCOMPARE(layer.info("home").st_uid, 0u);
}

void LayerOverlayTest::reportsAFolderInPlaceOfALink()
{
    LayerFixture layer;
    QVERIFY(layer.add({folder("usr/bin"), softLink("bin", "usr/bin")}));
    QVERIFY(layer.add({file("bin/foo")}));
    QVERIFY(S_ISDIR(layer.info("bin").st_mode));
    QCOMPARE(layer.notes().size(), 1);
    QVERIFY(layer.notes().first().contains(u"/bin"_s));
}

void LayerOverlayTest::dropsBookkeepingOfAufs()
{
    LayerFixture layer;
    QVERIFY(
        layer.add({folder(".wh..wh.plnk"), file(".wh..wh.plnk/1.2"), file(".wh..wh.aufs", ""), file("a")}));
    QVERIFY(layer.exists("a"));
    QVERIFY(!layer.exists(".wh..wh.plnk"));
}

COOPERAGE_TEST_MAIN_AS_ROOT(LayerOverlayTest)
#include "tst_layeroverlay.moc"
