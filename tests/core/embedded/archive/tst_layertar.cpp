#include "core/embedded/archive/layertar.h"
#include "core/embedded/archive/posixacl.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/hardtree.h"
#include "tests/core/embedded/archive/layerfixture.h"
#include "tests/core/embedded/archive/treelisting.h"

#include <sys/socket.h>
#include <sys/un.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class LayerTarTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesBackWhatCameIn();
    void givesTheSameBytesWhateverTheSurroundings();
    void writesDeletionsOnlyOfWhatALowerLayerShows();
    void marksOpaqueFoldersOnlyAboveFolders();
    void leavesOverlayAttributesAndSocketsBehind();
    void writesCapabilitiesForAnyMachine();
    void takesAccessListsAsText();
    void limitsTimesToTheEpoch();
    void describesTheRootWhereItIsUnusual();
    void refusesNamesThatMeanDeletions();
    void noticesFilesThatChange_data();
    void noticesFilesThatChange();

private:
    /// Collects what is written.
    class BytesSink final : public ByteSink
    {
    public:
        [[nodiscard]] Result<> write(QByteArrayView bytes) override
        {
            m_bytes.append(bytes);
            if (m_onWrite)
                m_onWrite();
            return {};
        }
        QByteArray m_bytes;
        std::function<void()> m_onWrite;
    };

    [[nodiscard]] static QByteArray tarOfLayer(const std::string &layer,
                                               const std::vector<std::string> &lowers = {},
                                               std::optional<qint64> epoch = {})
    {
        BytesSink sink;
        const auto facts = writeLayerTar(layer, LowerLayers(lowers), epoch, &sink);
        if (!facts)
            return facts.error().text().toUtf8();
        return facts->diffId == digest(sink.m_bytes) && facts->size == sink.m_bytes.size() ? sink.m_bytes
                                                                                           : "wrong facts";
    }
    [[nodiscard]] static QByteArrayList namesIn(const QByteArray &tar)
    {
        QByteArrayList names;
        BytesStream stream(tar);
        TarReader reader(stream, u"tar"_s);
        for (auto entry = reader.next(); entry && *entry; entry = reader.next())
            names << archive_entry_pathname(*entry);
        return names;
    }
    [[nodiscard]] static std::string makeLayer(const QTemporaryDir &folder, const char *name)
    {
        const std::string path = folder.filePath(QLatin1StringView(name)).toStdString();
        ::mkdir(path.c_str(), 0755);
        return path;
    }
    static void makeFile(const std::string &path, const std::string &content = "x")
    {
        std::ofstream(path) << content;
    }
    static void whiteout(const std::string &folder, const std::string &name)
    {
        const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
        QVERIFY(makeWhiteout(fd.get(), name));
    }
    static void opaque(const std::string &folder)
    {
        const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
        QVERIFY(makeOpaque(fd.get()));
    }
};

void LayerTarTest::givesBackWhatCameIn()
{
    auto base = hardBase();
    if (inInitialUserNamespace()) {
        const auto devices = hardDevices();
        base.insert(base.end(), devices.begin(), devices.end());
    } else {
        std::erase_if(base,
                      [](const TarEntry &entry) { return entry.name == "owned"; }); // Ids that are not ours.
    }
    LayerFixture first;
    auto added = first.add(base);
    QVERIFY2(added, why(added).constData());
    const std::string firstBase = first.path(".");
    added = first.add(hardSecond());
    QVERIFY2(added, why(added).constData());
    const std::string firstTop = first.path(".");

    const QByteArray baseTar = tarOfLayer(firstBase);
    const QByteArray topTar = tarOfLayer(firstTop, {firstBase});
    LayerFixture second;
    added = second.add(baseTar);
    QVERIFY2(added, why(added).constData());
    const std::string secondBase = second.path(".");
    QCOMPARE(difference(listTree(secondBase), listTree(firstBase)), QByteArray());
    added = second.add(topTar);
    QVERIFY2(added, why(added).constData());
    QCOMPARE(difference(listTree(second.path(".")), listTree(firstTop)), QByteArray());
    QVERIFY(second.isOpaque("d"));
    QVERIFY(second.isWhiteout("gone"));
    QVERIFY(!second.exists("never"));
    QCOMPARE(tarOfLayer(secondBase), baseTar);
    QCOMPARE(tarOfLayer(second.path("."), {secondBase}), topTar);
}

void LayerTarTest::givesTheSameBytesWhateverTheSurroundings()
{
    LayerFixture layer;
    QVERIFY(
        layer.add({file("na\xc3\xafve.txt"), file("latin-\xe9.txt"), folder("B"), file("a"), file("B/c")}));
    const QByteArray tar = tarOfLayer(layer.path("."));
    QCOMPARE(namesIn(tar), (QByteArrayList{"B/", "B/c", "a", "latin-\xe9.txt", "na\xc3\xafve.txt"}));
    const std::string before = std::setlocale(LC_ALL, nullptr);
    const mode_t umask = ::umask(0777);
    std::setlocale(LC_ALL, "C");
    const QByteArray again = tarOfLayer(layer.path("."));
    std::setlocale(LC_ALL, before.c_str());
    ::umask(umask);
    QCOMPARE(again, tar);
    QCOMPARE(tar.size() % 512, 0);
    QVERIFY(tar.endsWith(QByteArray(1024, '\0')));
}

void LayerTarTest::writesDeletionsOnlyOfWhatALowerLayerShows()
{
    QTemporaryDir folder;
    const std::string lower = makeLayer(folder, "lower");
    const std::string middle = makeLayer(folder, "middle");
    const std::string top = makeLayer(folder, "top");
    for (const char *name : {"gone", "gone-already", "z"})
        makeFile(lower + '/' + name);
    whiteout(middle, "gone-already");
    for (const char *name : {"gone", "gone-already", "never", "z"})
        whiteout(top, name);
    makeFile(top + "/added");
    QCOMPARE(namesIn(tarOfLayer(top, {middle, lower})), (QByteArrayList{".wh.gone", ".wh.z", "added"}));
    QCOMPARE(namesIn(tarOfLayer(top)), (QByteArrayList{"added"}));
}

void LayerTarTest::marksOpaqueFoldersOnlyAboveFolders()
{
    QTemporaryDir folder;
    const std::string lower = makeLayer(folder, "lower");
    const std::string top = makeLayer(folder, "top");
    makeFile(lower + "/file");
    for (const char *name : {"/folder", "/folder/deep"})
        ::mkdir((lower + name).c_str(), 0755);
    for (const char *name : {"/file", "/folder", "/folder/deep", "/new"}) {
        ::mkdir((top + name).c_str(), 0755);
        opaque(top + name);
    }
    QCOMPARE(namesIn(tarOfLayer(top, {lower})),
             (QByteArrayList{"file/", "folder/", "folder/.wh..wh..opq", "folder/deep/", "new/"}));
}

void LayerTarTest::leavesOverlayAttributesAndSocketsBehind()
{
    QTemporaryDir folder;
    const std::string layer = makeLayer(folder, "layer");
    makeFile(layer + "/file");
    const std::string origin = std::string(attributeKind()) + ".overlay.origin";
    QCOMPARE(::setxattr((layer + "/file").c_str(), origin.c_str(), "x", 1, 0), 0);
    QCOMPARE(::setxattr((layer + "/file").c_str(), "user.kept", "x", 1, 0), 0);
    const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", layer.c_str());
    QCOMPARE(::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    const QByteArray tar = tarOfLayer(layer);
    QCOMPARE(namesIn(tar), QByteArrayList{"file"});
    QVERIFY(!tar.contains("overlay"));
    QVERIFY(tar.contains("SCHILY.xattr.user.kept=x\n"));
}

void LayerTarTest::writesCapabilitiesForAnyMachine()
{
    if (!inInitialUserNamespace())
        QSKIP("only the system's root may write a capability of another namespace");
    QTemporaryDir folder;
    const std::string layer = makeLayer(folder, "layer");
    makeFile(layer + "/bin");
    std::string third = bindCapability();
    third[3] = 3;
    third += std::string("\xe9\x03\0\0", 4); // Namespaces whose root is 1001.
    QCOMPARE(::setxattr((layer + "/bin").c_str(), "security.capability", third.data(), third.size(), 0), 0);
    LayerFixture unpacked;
    QVERIFY(unpacked.add(tarOfLayer(layer)));
    QCOMPARE(unpacked.xattr("bin", "security.capability"), QByteArray::fromStdString(bindCapability()));
}

void LayerTarTest::takesAccessListsAsText()
{
    archive_entry *entry = archive_entry_new();
    const auto add = [&](int tag, int permissions, int id, const char *name = "") {
        archive_entry_acl_add_entry(entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, permissions, tag, id, name);
    };
    archive_entry_set_mode(entry, AE_IFREG | 0674);
    add(ARCHIVE_ENTRY_ACL_MASK, 7, -1);
    add(ARCHIVE_ENTRY_ACL_OTHER, 4, -1);
    add(ARCHIVE_ENTRY_ACL_USER, 7, 1000);
    add(ARCHIVE_ENTRY_ACL_GROUP_OBJ, 4, -1);
    add(ARCHIVE_ENTRY_ACL_USER_OBJ, 6, -1);
    const auto metadata = metadataOf(entry);
    add(ARCHIVE_ENTRY_ACL_USER, 7, -1, "someone");
    const auto named = metadataOf(entry);
    archive_entry_free(entry);
    QVERIFY(metadata);
    QCOMPARE(metadata->xattrs, (Attributes{{accessAcl, accessList()}}));
    QCOMPARE(metadata->mode, 0674u);
    QVERIFY(named);
    QVERIFY(named->xattrs.empty());
    QCOMPARE(named->lost, 1);
}

void LayerTarTest::limitsTimesToTheEpoch()
{
    LayerFixture layer;
    TarEntry early = file("early");
    early.mtime = 1000;
    QVERIFY(layer.add({folder("d"), early, file("late")}));
    const QByteArray tar = tarOfLayer(layer.path("."), {}, 2000);
    LayerFixture unpacked;
    QVERIFY(unpacked.add(tar));
    QCOMPARE(unpacked.info("early").st_mtim.tv_sec, 1000);
    QCOMPARE(unpacked.info("late").st_mtim.tv_sec, 2000);
    QCOMPARE(unpacked.info("d").st_mtim.tv_sec, 2000);
}

void LayerTarTest::describesTheRootWhereItIsUnusual()
{
    LayerFixture layer;
    QVERIFY(layer.add({folder("./", 0711), file("a")}));
    const std::string base = layer.path(".");
    QCOMPARE(namesIn(tarOfLayer(base)), (QByteArrayList{"./", "a"}));
    QVERIFY(layer.add({file("b")}));
    QCOMPARE(namesIn(tarOfLayer(layer.path("."), {base})), QByteArrayList{"b"});
    LayerFixture plain;
    QVERIFY(plain.add({folder("./"), file("a")}));
    QCOMPARE(namesIn(tarOfLayer(plain.path("."))), QByteArrayList{"a"});
}

void LayerTarTest::refusesNamesThatMeanDeletions()
{
    QTemporaryDir folder;
    const std::string layer = makeLayer(folder, "layer");
    makeFile(layer + "/.wh.file");
    const auto facts = writeLayerTar(layer, LowerLayers({}), {}, nullptr);
    QVERIFY(!facts);
    QCOMPARE(facts.error().where, u".wh.file"_s);
}

void LayerTarTest::noticesFilesThatChange_data()
{
    QTest::addColumn<bool>("grows");
    QTest::newRow("grows") << true;
    QTest::newRow("shrinks") << false;
}

void LayerTarTest::noticesFilesThatChange()
{
    QFETCH(bool, grows);
    QTemporaryDir folder;
    const std::string layer = makeLayer(folder, "layer");
    const qint64 size = 5'000'000;
    makeFile(layer + "/file", std::string(size, 'x'));
    BytesSink sink;
    sink.m_onWrite = [&] { QCOMPARE(::truncate((layer + "/file").c_str(), grows ? size + 1 : size - 1), 0); };
    const auto facts = writeLayerTar(layer, LowerLayers({}), {}, &sink);
    QVERIFY(!facts);
    QVERIFY2(facts.error().what.contains(u"changed"_s), qPrintable(facts.error().text()));
}

COOPERAGE_TEST_MAIN_AS_ROOT(LayerTarTest)
#include "tst_layertar.moc"
