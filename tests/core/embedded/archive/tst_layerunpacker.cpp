#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/layerfixture.h"

#include <sys/sysmacros.h>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class LayerUnpackerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsContentOwnersModesAndTimes();
    void keepsTimesBefore1970AndNanoseconds();
    void keepsSetuidAndCapabilities();
    void leavesOutAttributesOfTheHost();
    void keepsNamesThatAreNotUtf8AndLongOnes();
    void putsAbsoluteNamesBelowTheRoot();
    void closesFoldersOnlyAtTheEnd();
    void setsTheRootsMetadata();
    void linksFilesOfTheSameLayer();
    void followsLinksInsideTheLayer();
    void makesHolesForSparseFiles();
    void replacesAFileByAFolderAndBack();
    void makesPipesAndDevices();
    void takesEveryCompression_data();
    void takesEveryCompression();
    void hashesPaddingAndTrailingBytes();
    void takesAnEmptyLayer();
};

void LayerUnpackerTest::keepsContentOwnersModesAndTimes()
{
    LayerFixture layer;
    const bool all = embedded::inInitialUserNamespace();
    const auto done =
        layer.add({folder("a", 0750),
                   {.name = "a/f", .content = "hello", .mode = 0640, .uid = all ? 5'000'000 : 7, .gid = 8}});
    QVERIFY2(done, why(done).constData());
    QCOMPARE(layer.content("a/f"), "hello");
    QCOMPARE(layer.info("a/f").st_mode, mode_t(S_IFREG | 0640));
    QCOMPARE(layer.info("a/f").st_uid, all ? 5'000'000u : 7u);
    QCOMPARE(layer.info("a/f").st_gid, 8u);
    QCOMPARE(layer.info("a/f").st_mtim.tv_sec, 1'000'000'000);
    QCOMPARE(layer.info("a").st_mode, mode_t(S_IFDIR | 0750));
    QCOMPARE(layer.info("a").st_mtim.tv_sec, 1'000'000'000);
}

void LayerUnpackerTest::keepsTimesBefore1970AndNanoseconds()
{
    LayerFixture layer;
    QVERIFY(layer.add({{.name = "old", .mtime = -5}, {.name = "fine", .nanoseconds = 123'456'789}}));
    QCOMPARE(layer.info("old").st_mtim.tv_sec, -5);
    QCOMPARE(layer.info("fine").st_mtim.tv_nsec, 123'456'789);
}

void LayerUnpackerTest::keepsSetuidAndCapabilities()
{
    LayerFixture layer;
    const std::string capability(
        "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20);
    QVERIFY(
        layer.add({{.name = "su", .mode = 04755, .uid = 1},
                   {.name = "ping", .mode = 0755, .gid = 5, .xattrs = {{"security.capability", capability}}},
                   {.name = "noted", .xattrs = {{"user.note", "v"}}},
                   folder("tmp", 01777)}));
    QCOMPARE(layer.info("su").st_mode & 07777, 04755u);
    QCOMPARE(layer.xattr("ping", "security.capability").size(), 20);
    QCOMPARE(layer.xattr("noted", "user.note"), "v");
    QCOMPARE(layer.info("tmp").st_mode & 07777, 01777u);
}

void LayerUnpackerTest::leavesOutAttributesOfTheHost()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("lower")}));
    QVERIFY(layer.add({{.name = "d",
                        .type = AE_IFDIR,
                        .mode = 0755,
                        .xattrs = {{"trusted.overlay.opaque", "y"},
                                   {"user.overlay.opaque", "y"},
                                   {"trusted.overlay.redirect", "/etc"},
                                   {"trusted.x", "1"},
                                   {"security.selinux", "s"}}}}));
    char names[1024];
    QCOMPARE(::llistxattr(layer.path("d").c_str(), names, sizeof names), 0);
}

void LayerUnpackerTest::keepsNamesThatAreNotUtf8AndLongOnes()
{
    LayerFixture layer;
    const std::string latin = "caf\xe9";
    const std::string deep =
        std::string(200, 'a') + '/' + std::string(200, 'b') + '/' + std::string(255, 'c');
    QVERIFY(layer.add({file(latin, "1"), file("h\xc3\xa4user", "2"), file(deep, "3")}));
    QCOMPARE(layer.content(latin), "1");
    QCOMPARE(layer.content("h\xc3\xa4user"), "2");
    QCOMPARE(layer.content(deep), "3");
}

void LayerUnpackerTest::putsAbsoluteNamesBelowTheRoot()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("/etc/cooperage-test", "in"), file("./././b", "b")}));
    QCOMPARE(layer.content("etc/cooperage-test"), "in");
    QCOMPARE(layer.content("b"), "b");
    QVERIFY(!QFile::exists(u"/etc/cooperage-test"_s));
}

void LayerUnpackerTest::closesFoldersOnlyAtTheEnd()
{
    LayerFixture layer;
    QVERIFY(layer.add({folder("ro", 0555), file("ro/in/side", "x"), file("ro/b", "y")}));
    QCOMPARE(layer.content("ro/in/side"), "x");
    QCOMPARE(layer.info("ro").st_mode & 07777, 0555u);
    QCOMPARE(layer.info("ro").st_mtim.tv_sec, 1'000'000'000);
    QCOMPARE(layer.info("ro/in").st_mode & 07777, 0755u);
}

void LayerUnpackerTest::setsTheRootsMetadata()
{
    LayerFixture layer;
    QVERIFY(layer.add({folder("./", 0711), file("f")}));
    QCOMPARE(layer.info(".").st_mode & 07777, 0711u);
    QVERIFY(layer.add({file("g")}));
    QCOMPARE(layer.info(".").st_mode & 07777, 0711u);
}

void LayerUnpackerTest::linksFilesOfTheSameLayer()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("lower", "from below")}));
    QVERIFY(layer.add({file("a", "same"), hardLink("b", "a"), softLink("l", "nowhere"), hardLink("m", "l"),
                       hardLink("c", "lower")}));
    QCOMPARE(layer.info("a").st_ino, layer.info("b").st_ino);
    QCOMPARE(layer.target("m"), "nowhere");
    QCOMPARE(layer.content("c"), "from below");
}

void LayerUnpackerTest::followsLinksInsideTheLayer()
{
    LayerFixture layer;
    QVERIFY(layer.add({softLink("bin", "usr/bin"), file("bin/sh", "sh"), softLink("abs", "/usr/lib"),
                       file("abs/so", "so"), softLink("up", "../../../../usr"), file("up/x", "x")}));
    QCOMPARE(layer.content("usr/bin/sh"), "sh");
    QCOMPARE(layer.target("bin"), "usr/bin");
    QCOMPARE(layer.content("usr/lib/so"), "so");
    QCOMPARE(layer.content("usr/x"), "x");
    QCOMPARE(layer.outside(), QStringList());
}

void LayerUnpackerTest::makesHolesForSparseFiles()
{
    LayerFixture layer;
    QVERIFY(
        layer.add({{.name = "sparse", .content = std::string(4096, 's'), .sparseSize = 64 * 1024 * 1024}}));
    QCOMPARE(layer.info("sparse").st_size, 64 * 1024 * 1024);
    QVERIFY(layer.info("sparse").st_blocks * 512 < 1024 * 1024);
}

void LayerUnpackerTest::replacesAFileByAFolderAndBack()
{
    LayerFixture layer;
    QVERIFY(layer.add({file("x"), folder("x"), file("x/y", "in"), folder("z"), file("z/deep/er"),
                       file("z", "now a file"), softLink("l", "x"), folder("l"), file("l/own", "own")}));
    QCOMPARE(layer.content("x/y"), "in");
    QCOMPARE(layer.content("z"), "now a file");
    QCOMPARE(layer.content("l/own"), "own");
    QVERIFY(!layer.exists("x/own"));
}

void LayerUnpackerTest::makesPipesAndDevices()
{
    LayerFixture layer;
    QVERIFY(layer.add({{.name = "pipe", .type = AE_IFIFO, .mode = 0600},
                       {.name = "null", .type = AE_IFCHR, .mode = 0666, .device = makedev(1, 3)}}));
    QVERIFY(S_ISFIFO(layer.info("pipe").st_mode));
    if (embedded::inInitialUserNamespace()) {
        QVERIFY(S_ISCHR(layer.info("null").st_mode));
        QCOMPARE(layer.info("null").st_rdev, makedev(1, 3));
        QCOMPARE(layer.info("null").st_mode & 07777, 0666u);
    } else {
        QVERIFY(!layer.exists("null"));
        QCOMPARE(layer.notes().size(), 1);
    }
}

void LayerUnpackerTest::takesEveryCompression_data()
{
    QTest::addColumn<int>("filter");
    QTest::newRow("plain") << ARCHIVE_FILTER_NONE;
    QTest::newRow("gzip") << ARCHIVE_FILTER_GZIP;
    QTest::newRow("zstd") << ARCHIVE_FILTER_ZSTD;
    QTest::newRow("bzip2") << ARCHIVE_FILTER_BZIP2;
    QTest::newRow("xz") << ARCHIVE_FILTER_XZ;
}

void LayerUnpackerTest::takesEveryCompression()
{
    QFETCH(int, filter);
    LayerFixture layer;
    const QByteArray plain = tarOf({file("f", std::string(300'000, 'z'))});
    const QByteArray packed = filter == ARCHIVE_FILTER_NONE ? plain : compressed(plain, filter);
    const auto digests = layer.add(packed);
    QVERIFY2(digests, why(digests).constData());
    QCOMPARE("sha256:" + digests->blob, digest(packed));
    QCOMPARE("sha256:" + digests->content, digest(plain));
    QCOMPARE(digests->contentSize, plain.size());
    QCOMPARE(layer.content("f").size(), 300'000);
}

void LayerUnpackerTest::hashesPaddingAndTrailingBytes()
{
    LayerFixture layer;
    const QByteArray plain = tarOf({file("f")}) + QByteArray(20'000, '\0');
    // A second member holds more padding; what is behind it belongs to the blob only.
    const QByteArray packed = compressed(plain, ARCHIVE_FILTER_GZIP) +
                              compressed(QByteArray(512, '\0'), ARCHIVE_FILTER_GZIP) + "garbage";
    const auto digests = layer.add(packed);
    QVERIFY2(digests, why(digests).constData());
    QCOMPARE("sha256:" + digests->blob, digest(packed));
    QCOMPARE("sha256:" + digests->content, digest(plain + QByteArray(512, '\0')));
}

void LayerUnpackerTest::takesAnEmptyLayer()
{
    LayerFixture layer;
    QVERIFY(layer.add(QByteArray(1024, '\0')));
    QVERIFY(layer.add(compressed(QByteArray(1024, '\0'), ARCHIVE_FILTER_GZIP)));
    QVERIFY(layer.add(QByteArray()));
    QCOMPARE(layer.info(".").st_mode & 07777, 0755u);
}

COOPERAGE_TEST_MAIN_AS_ROOT(LayerUnpackerTest)
#include "tst_layerunpacker.moc"
