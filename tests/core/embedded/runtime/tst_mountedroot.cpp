#include "core/embedded/runtime/mountstubs.h"
#include "core/embedded/store/staging.h"
#include "tests/core/embedded/runtime/busyboxstore.h"

#include <QDir>
#include <QFile>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

class TestMountedRoot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (::geteuid() != 0)
            QSKIP("mounting needs root: this is an ordinary user");
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = Store::open(m_folder->filePath(u"a, store: with \\ odd name"_s));
        QVERIFY(opened);
        m_store = std::move(*opened);
        m_bottom = layer({{.path = "/f", .content = "one"}, {.path = "/d/x", .content = "x"}});
        m_top = layer({{.path = "/f", .content = "two"}});
        const auto draft = m_store->beginLayer();
        if (const auto root = MountedRoot::mount(*m_store, {m_bottom, m_top}, *draft); !root)
            QSKIP(qPrintable(root.error().text()));
    }
    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void layersStackAndTheUpperKeepsChanges();
    void optionsAreTheSafeOnes();
    void viewIsReadOnly_data();
    void viewIsReadOnly();
    void mountedDraftIsNotCommitted();
    void removalAndReplacementAreInOverlayForm();
    void rootLooksLikeTheOneBelow();
    void manyLayersMount();
    void missingLayerIsReportedInTheKernelsWords();
    void stubLayerFollowsDanglingLinksInside();

private:
    LayerId layer(const std::vector<StageEntry> &entries)
    {
        auto draft = m_store->beginLayer();
        if (!draft || !stageEntries(draft->upper(), entries))
            return {};
        return m_store->commitLayer(std::move(*draft)).value_or(LayerId());
    }
    static QByteArray read(const std::string &path)
    {
        QFile file(QFile::decodeName(path.c_str()));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("(missing)");
    }
    static bool isWhiteout(const std::string &path)
    {
        struct stat info{};
        return ::lstat(path.c_str(), &info) == 0 && S_ISCHR(info.st_mode) && info.st_rdev == makedev(0, 0);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    LayerId m_bottom;
    LayerId m_top;
};

void TestMountedRoot::layersStackAndTheUpperKeepsChanges()
{
    auto draft = m_store->beginLayer();
    auto root = MountedRoot::mount(*m_store, {m_bottom, m_top}, *draft);
    QVERIFY(root);
    QCOMPARE(read(root->path() + "/f"), "two");
    QCOMPARE(read(root->path() + "/d/x"), "x");
    QVERIFY(Store::isEmpty(*draft));
    QVERIFY(stageEntries(root->path(), {{.path = "/d/new", .content = "n"}}));
    QVERIFY(!Store::isEmpty(*draft));
    QVERIFY(root->unmount());
    QVERIFY(QDir(QFile::decodeName(draft->merged().c_str())).isEmpty());
    const auto third = m_store->commitLayer(std::move(*draft));
    QVERIFY(third);
    QCOMPARE(read(m_store->layerPath(*third) + "/d/new"), "n");
    const auto alone = m_store->beginLayer();
    const auto bound = MountedRoot::mount(*m_store, {}, *alone);
    QVERIFY(bound && stageEntries(bound->path(), {{.path = "/only", .content = "o"}}));
    QCOMPARE(read(alone->upper() + "/only"), "o");
}

void TestMountedRoot::optionsAreTheSafeOnes()
{
    const auto draft = m_store->beginLayer();
    const auto root = MountedRoot::mount(*m_store, {m_bottom, m_top}, *draft);
    QFile mounts(u"/proc/self/mountinfo"_s);
    QVERIFY(mounts.open(QFile::ReadOnly));
    for (const QByteArray &line : mounts.readAll().split('\n'))
        if (line.contains(QByteArray::fromStdString(draft->id()))) {
            QVERIFY2(line.contains("redirect_dir=nofollow"), line.constData());
            QVERIFY2(line.contains("nodev"), line.constData());
            QVERIFY2(!line.contains("index=on") && !line.contains("metacopy=on"), line.constData());
            return;
        }
    QFAIL("the mount is not listed");
}

void TestMountedRoot::viewIsReadOnly_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {0, 1, 2})
        QTest::addRow("%d layers", count) << count;
}

void TestMountedRoot::viewIsReadOnly()
{
    QFETCH(int, count);
    const auto draft = m_store->beginLayer();
    const std::vector<LayerId> all{m_bottom, m_top};
    const auto root = MountedRoot::view(*m_store, {all.begin(), all.begin() + count}, *draft);
    QVERIFY2(root, root ? "" : qPrintable(root.error().text()));
    QCOMPARE(read(root->path() + "/f"), count == 0 ? "(missing)" : count == 1 ? "one" : "two");
    QVERIFY(!stageEntries(root->path(), {{.path = "/w", .content = ""}}));
    QCOMPARE(errno, EROFS);
}

void TestMountedRoot::mountedDraftIsNotCommitted()
{
    for (const std::vector<LayerId> &layers : {std::vector<LayerId>{}, {m_bottom}}) {
        auto draft = m_store->beginLayer();
        const auto root = MountedRoot::mount(*m_store, layers, *draft);
        QVERIFY(root);
        QVERIFY(!m_store->commitLayer(std::move(*draft)));
    }
}

void TestMountedRoot::removalAndReplacementAreInOverlayForm()
{
    const auto draft = m_store->beginLayer();
    auto root = MountedRoot::mount(*m_store, {m_bottom, m_top}, *draft);
    QVERIFY(QFile::remove(QFile::decodeName((root->path() + "/f").c_str())));
    QDir folder(QFile::decodeName((root->path() + "/d").c_str()));
    QVERIFY(folder.removeRecursively() && folder.mkpath(u"."_s));
    QVERIFY(root->unmount());
    QVERIFY(isWhiteout(draft->upper() + "/f"));
    char value = 0;
    QCOMPARE(::getxattr((draft->upper() + "/d").c_str(), "trusted.overlay.opaque", &value, 1), 1);
    QCOMPARE(value, 'y');
}

void TestMountedRoot::rootLooksLikeTheOneBelow()
{
    auto below = m_store->beginLayer();
    QCOMPARE(::chmod(below->upper().c_str(), 0555), 0);
    const auto id = m_store->commitLayer(std::move(*below));
    const auto draft = m_store->beginLayer();
    const auto root = MountedRoot::mount(*m_store, {*id}, *draft);
    struct stat info{};
    QCOMPARE(::stat(root->path().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 07777, 0555U);
}

void TestMountedRoot::manyLayersMount()
{
    std::vector<LayerId> layers{m_bottom};
    for (int i = 0; i < 200; ++i)
        layers.push_back(layer({{.path = "/n" + std::to_string(i), .content = "x"}}));
    const auto draft = m_store->beginLayer();
    const auto root = MountedRoot::mount(*m_store, layers, *draft);
    QVERIFY2(root, root ? "" : qPrintable(root.error().text()));
    QCOMPARE(read(root->path() + "/n199"), "x");
    QCOMPARE(read(root->path() + "/f"), "one");
}

void TestMountedRoot::missingLayerIsReportedInTheKernelsWords()
{
    const auto draft = m_store->beginLayer();
    const auto root = MountedRoot::mount(*m_store, {m_bottom, LayerId("00000000")}, *draft);
    QVERIFY(!root);
    QVERIFY2(!root.error().what.isEmpty() && !root.error().where.isEmpty(), qPrintable(root.error().text()));
}

void TestMountedRoot::stubLayerFollowsDanglingLinksInside()
{
    const LayerId linked = layer({{.type = StageEntry::Type::Symlink,
                                   .path = "/etc/resolv.conf",
                                   .linkTarget = "../../../run/systemd/stub.conf"}});
    const auto draft = m_store->beginLayer();
    const auto stubs = makeStubLayer(*m_store, {linked, m_bottom}, *draft, mountPoints({}));
    QVERIFY2(stubs, stubs ? "" : qPrintable(stubs.error().text()));
    QCOMPARE(read(stubs->folder + "/run/systemd/stub.conf"), "");
    QCOMPARE(read(stubs->folder + "/etc/hosts"), "");
    QVERIFY(QDir(QFile::decodeName((stubs->folder + "/proc").c_str())).exists());
    QVERIFY(Store::isEmpty(*draft));
}

QTEST_GUILESS_MAIN(TestMountedRoot)
#include "tst_mountedroot.moc"
