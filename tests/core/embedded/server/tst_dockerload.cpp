#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/server/exportfixture.h"
#include "tests/support/dockerd.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// An export in a real Docker, and what Docker saves.
class TestDockerLoad : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ExportFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        if (const auto started = m_dockerd.start(); !started)
            QSKIP(qPrintable(u"whole program: "_s + started.error().text()));
        m_image = m_fixture->makeHardImage();
        QVERIFY(!m_image.isEmpty());
        m_tree = m_fixture->treeOf(m_image);
        load();
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void showsTheConfig();
    void showsTheHistory();
    void makesContainersOfTheSameTree();
    void savesWhatComesBackAsItWas();

private:
    void load();

    std::unique_ptr<ExportFixture> m_fixture;
    Dockerd m_dockerd;
    QString m_image;
    TreeListing m_tree;
    QJsonObject m_config;
    QJsonObject m_shown; ///< By `docker image inspect`.
};

void TestDockerLoad::load()
{
    m_config = {
        {u"config"_s, QJsonObject{{u"Env"_s, QJsonArray{u"PATH=/bin"_s, u"A=b"_s}},
                                  {u"Cmd"_s, QJsonArray{u"-c"_s, u"exit 0"_s}},
                                  {u"Entrypoint"_s, QJsonArray{u"/bin/sh"_s}},
                                  {u"Labels"_s, QJsonObject{{u"com.example.x"_s, u"1.10 <>&"_s}}},
                                  {u"ExposedPorts"_s, QJsonObject{{u"80/tcp"_s, QJsonObject()}}},
                                  {u"User"_s, u"1000"_s},
                                  {u"WorkingDir"_s, u"/tmp"_s}}},
        {u"history"_s, QJsonArray{QJsonObject{{u"created_by"_s, u"RUN first"_s}},
                                  QJsonObject{{u"created_by"_s, u"ENV A=b"_s}, {u"empty_layer"_s, true}}}}};
    const Reply committed =
        m_fixture->client().post("/v1/commits", {{u"image"_s, m_image}, {u"config"_s, m_config}});
    QCOMPARE(committed.status, 201);
    const QString file =
        m_fixture->exportedFile(committed.text(u"uuid"_s), "name=hard:7&name=team/hard:8", u"docker.tar"_s);
    const auto loaded = m_dockerd.docker({u"load"_s}, file);
    QVERIFY2(loaded, why(loaded).constData());
    QVERIFY(loaded->contains("hard:7") && loaded->contains("team/hard:8"));
    const auto inspected = m_dockerd.docker({u"image"_s, u"inspect"_s, u"hard:7"_s});
    QVERIFY2(inspected, why(inspected).constData());
    m_shown = QJsonDocument::fromJson(*inspected).array().first().toObject();
}

void TestDockerLoad::showsTheConfig()
{
    for (const auto &key :
         {u"Env"_s, u"Cmd"_s, u"Entrypoint"_s, u"Labels"_s, u"ExposedPorts"_s, u"User"_s, u"WorkingDir"_s})
        QCOMPARE(m_shown[u"Config"_s][key], m_config[u"config"_s][key]);
    QCOMPARE(m_shown[u"RootFS"_s][u"Layers"_s].toArray().size(), 3);
}

void TestDockerLoad::showsTheHistory()
{
    const auto history =
        m_dockerd.docker({u"history"_s, u"--no-trunc"_s, u"--format"_s, u"{{.CreatedBy}}"_s, u"hard:7"_s});
    QVERIFY2(history, why(history).constData());
    QCOMPARE(*history, QByteArray("ENV A=b\nRUN first\ncooperage\ncooperage\n"));
}

void TestDockerLoad::makesContainersOfTheSameTree()
{
    const auto container =
        m_dockerd.docker({u"create"_s, u"--name"_s, u"hard"_s, u"--network=none"_s, u"hard:7"_s});
    QVERIFY2(container, why(container).constData());
    const QString root = m_fixture->path(u"docker-root.tar"_s);
    QVERIFY(m_dockerd.docker({u"export"_s, u"-o"_s, root, u"hard"_s}));
    TreeListing tree = m_fixture->treeOf(m_fixture->importFile(root));
    TreeListing expected = m_tree;
    // `docker export` writes no other attributes than capabilities.
    for (auto &[path, value] : expected)
        value = value.substr(0, std::min(value.find(" user."), value.find(" system.")));
    // Docker puts these into every container, and knows no times before 1970.
    for (const char *made :
         {"/old-time", "/.dockerenv", "/dev", "/dev/console", "/dev/pts", "/dev/shm", "/etc", "/etc/hostname",
          "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/sys"}) {
        tree.erase(made);
        expected.erase(made);
    }
    QCOMPARE(difference(tree, expected), QByteArray());
}

void TestDockerLoad::savesWhatComesBackAsItWas()
{
    const QString saved = m_fixture->path(u"saved.tar"_s);
    const auto done = m_dockerd.docker({u"save"_s, u"-o"_s, saved, u"hard:7"_s});
    QVERIFY2(done, why(done).constData());
    const QString again = m_fixture->importFile(saved);
    QCOMPARE(difference(m_fixture->treeOf(again), m_tree), QByteArray());
    QStringList ids;
    for (const QJsonValue &id : m_shown[u"RootFS"_s][u"Layers"_s].toArray())
        ids << id.toString();
    QCOMPARE(m_fixture->diffIdsOf(again), ids);
}

QTEST_GUILESS_MAIN(TestDockerLoad)
#include "tst_dockerload.moc"
