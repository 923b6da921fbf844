#include "tests/core/embedded/runtime/sandboxfixture.h"

#include <QDir>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

using Entries = std::vector<StageEntry>;
Q_DECLARE_METATYPE(Entries)

/// Links that an image or an earlier command has planted: what is mounted, started or staged through them
/// stays inside, and leaves nothing in the layer.
class TestSandboxPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addRuntimes(); }
    void initTestCase()
    {
        m_fixture = std::make_unique<SandboxFixture>();
        if (!m_fixture->base.missing.isEmpty())
            QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void init()
    {
        QFETCH_GLOBAL(QString, runtime);
        if (const QString missing = m_fixture->beginWith(runtime); !missing.isEmpty())
            QSKIP(qPrintable(missing));
    }
    void cleanup() { m_fixture->draft.reset(); }

    void mountPointsStayOutOfTheLayer_data();
    void mountPointsStayOutOfTheLayer();
    void workingFolderStaysInside_data();
    void workingFolderStaysInside();
    void stagedFilesStayInside();

private:
    std::unique_ptr<SandboxFixture> m_fixture;
};

void TestSandboxPaths::mountPointsStayOutOfTheLayer_data()
{
    QTest::addColumn<Entries>("image");
    const auto link = [](const char *path, const char *target) {
        return StageEntry{.type = StageEntry::Type::Symlink, .path = path, .linkTarget = target};
    };
    QTest::newRow("files") << Entries{{.path = "/etc/resolv.conf", .content = "x"},
                                      {.path = "/etc/hosts", .content = "y"}};
    QTest::newRow("dangling link") << Entries{
        link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf")};
    QTest::newRow("absolute dangling link")
        << Entries{link("/etc/resolv.conf", "/run/resolvconf/resolv.conf")};
    QTest::newRow("link above the root")
        << Entries{link("/etc/resolv.conf", "../../../../../../tmp/resolv-planted")};
    QTest::newRow("links to folders") << Entries{{.type = StageEntry::Type::Folder, .path = "/elsewhere"},
                                                 link("/etc/hosts", "/elsewhere/hosts")};
}

void TestSandboxPaths::mountPointsStayOutOfTheLayer()
{
    QFETCH(Entries, image);
    auto below = m_fixture->base.store->beginLayer();
    QVERIFY(below && stageEntries(below->upper(), image));
    const auto layer = m_fixture->base.store->commitLayer(std::move(*below));
    QVERIFY(layer);
    std::vector<LayerId> layers = m_fixture->base.layers;
    layers.push_back(*layer);
    const Ran ran =
        m_fixture->runIn(*m_fixture->draft, layers, shell("grep -c ^127 /etc/hosts; echo x > /made"));
    QCOMPARE(ran.out, "1\n");
    QCOMPARE(m_fixture->upper(), (QStringList{u"made"_s, u"probe"_s}));
    QVERIFY(!QFile::exists(u"/tmp/resolv-planted"_s));
}

void TestSandboxPaths::workingFolderStaysInside_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("cwd");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("root") << QByteArray("/") << QByteArray("/link") << QByteArray("/");
    QTest::newRow("parents") << QByteArray("../../../../../../..") << QByteArray("/link/made")
                             << QByteArray("/made");
    QTest::newRow("the host's folder")
        << QByteArray("HOST") << QByteArray("/link/made") << QByteArray("HOST/made");
    QTest::newRow("a process's open folder")
        << QByteArray("/proc/self/fd/8") << QByteArray("/link") << QByteArray();
    QTest::newRow("a process's root") << QByteArray("/proc/1/root") << QByteArray("/link") << QByteArray();
}

void TestSandboxPaths::workingFolderStaysInside()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, cwd);
    QFETCH(QByteArray, expected);
    const QTemporaryDir host;
    target.replace("HOST", QFile::encodeName(host.path()));
    expected.replace("HOST", QFile::encodeName(host.path()));
    QVERIFY(stageEntries(
        m_fixture->draft->upper(),
        {{.type = StageEntry::Type::Symlink, .path = "/link", .linkTarget = target.toStdString()}}));
    ProcessSpec spec =
        shell("pwd -P; [ -x /probe ] && [ -x ../../../../../../../../../../probe ] && echo inside");
    spec.cwd = cwd.toStdString();
    const Ran ran = m_fixture->run(spec);
    QVERIFY(QDir(host.path()).isEmpty());
    if (!expected.isEmpty()) {
        QCOMPARE(ran.out, expected + "\ninside\n");
        return;
    }
    QVERIFY(!ran.outcome);
    QCOMPARE(ran.outcome.error().kind, ErrorKind::BadInput);
}

void TestSandboxPaths::stagedFilesStayInside()
{
    const QTemporaryDir host;
    const std::string target = QFile::encodeName(host.path()).toStdString();
    QCOMPARE(m_fixture
                 ->run(shell("ln -s " + target +
                             " /out; ln -s ../../../../../.. /up; mkdir /d; "
                             "ln -s /proc/self/root/" +
                             target + " /d/l; ln -s " + target + "/f /f"))
                 .code(),
             0);
    auto root = MountedRoot::mount(*m_fixture->base.store, m_fixture->base.layers, *m_fixture->draft);
    QVERIFY(root);
    (void)stageEntries(root->path(), {{.path = "/out/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/up/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/d/l/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/f", .content = "x"}});
    (void)stageEntries(root->path(), {{.type = StageEntry::Type::Folder, .path = "/out/a/b"}});
    QVERIFY(QDir(host.path()).isEmpty());
    QVERIFY(!QFile::exists(u"/evil"_s));
    QVERIFY(QFile::exists(QFile::decodeName((root->path() + "/evil").c_str())));
}

QTEST_GUILESS_MAIN(TestSandboxPaths)
#include "tst_sandboxpaths.moc"
