#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/server/killworker.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <csignal>
#include <thread>

using namespace cooperage::test;
using namespace cooperage;

/// The real engine, killed at random moments while several clients use it. COOPERAGE_KILLS says how often
/// (the script tests/acceptance/kill-engine: 200), COOPERAGE_SEED repeats a run's choices.
class TestKillEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyPromiseIsKept();
    void cleanupTestCase() { kill(); }

private:
    static constexpr int workers = 4;

    [[nodiscard]] QString store() const { return m_folder.filePath(u"store"_s); }
    [[nodiscard]] QString socket() const { return m_folder.filePath(u"run/engine.sock"_s); }
    [[nodiscard]] QStringList names(const QString &below) const
    {
        return QDir(store() + below)
            .entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden | QDir::System);
    }
    void start();
    void kill();
    void work(int round);
    [[nodiscard]] QStringList leftProcesses() const;
    void checkStore();
    void checkPromises(Promises &promises, bool all);

    QTemporaryDir m_folder{u"/tmp/cprg-kill-XXXXXX"_s};
    QProcess m_engine;
    QString m_archive;
    Promises m_promises[workers];
    std::mt19937 m_random;
    unsigned m_seed = 0;
    int m_checkedImages = 0;
    int m_operations = 0;
};

void TestKillEngine::initTestCase()
{
    if (::geteuid() != 0)
        QSKIP("whole program: the engine is started as root here");
    if (embedded::staticBusybox().isEmpty())
        QSKIP("whole program: there is no static busybox on this machine");
    m_seed = qEnvironmentVariableIsSet("COOPERAGE_SEED") ? qEnvironmentVariable("COOPERAGE_SEED").toUInt()
                                                         : QRandomGenerator::global()->generate();
    m_random.seed(m_seed);
    std::vector<TarEntry> entries{folder("etc"), folder("lib")};
    for (int i = 0; i < 200; ++i)
        entries.push_back(file("lib/" + std::to_string(i), std::string(3000, 'l')));
    const TestImage image({tarOf(entries), tarOf({file("etc/.wh.nothing"), file("etc/second")})});
    m_archive = m_folder.filePath(u"image.tar"_s);
    QFile out(m_archive);
    QVERIFY(out.open(QFile::WriteOnly) && out.write(tarOf(image.dockerArchive())) > 0);
    out.close();
}

void TestKillEngine::start()
{
    m_engine.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_engine.start(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine"),
                   {u"serve"_s, u"--socket"_s, socket(), u"--store"_s, store(), u"--idle-exit"_s, u"0"_s});
    QVERIFY(m_engine.waitForStarted());
    QElapsedTimer timer;
    timer.start();
    while (Reply(SocketClient(socket()).Get("/v1/whoami")).status != 200) {
        QVERIFY2(m_engine.state() == QProcess::Running || m_engine.waitForReadyRead(0),
                 "the engine does not start again");
        QVERIFY2(timer.elapsed() < 30'000, "the engine does not come up");
        QTest::qWait(10);
    }
}

void TestKillEngine::kill()
{
    if (m_engine.state() == QProcess::NotRunning)
        return;
    ::kill(static_cast<pid_t>(m_engine.processId()), SIGKILL);
    m_engine.waitForFinished();
}

// The clients at work, until the engine is killed under them.
void TestKillEngine::work(int round)
{
    std::vector<std::unique_ptr<KillWorker>> clients;
    for (int i = 0; i < workers; ++i)
        clients.push_back(std::make_unique<KillWorker>(u"worker%1"_s.arg(i), socket(), m_archive,
                                                       m_promises[i],
                                                       m_seed + static_cast<unsigned>(round * workers + i)));
    {
        std::vector<std::jthread> threads;
        for (const auto &client : clients)
            threads.emplace_back([&client] { client->run(); });
        QThread::usleep(std::uniform_int_distribution<unsigned>(20'000, 900'000)(m_random));
        kill();
    }
    for (const auto &client : clients)
        QVERIFY2(client->problem().isEmpty(), qPrintable(client->problem()));
}

// Processes that know the store by their command line or environment, or run in one of our containers.
QStringList TestKillEngine::leftProcesses() const
{
    QStringList left;
    for (const QString &pid : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        if (pid.toLongLong() == 0 || pid.toLongLong() == QCoreApplication::applicationPid())
            continue;
        QByteArray known;
        for (const char *name : {"/cmdline", "/environ"}) {
            QFile file(u"/proc/"_s + pid + QLatin1StringView(name));
            if (file.open(QFile::ReadOnly))
                known += file.readAll();
        }
        if (known.contains(store().toUtf8()) || known.contains("cooperage-kill-test"))
            left << pid;
    }
    return left;
}

// Right after a start, before any request made something new.
void TestKillEngine::checkStore()
{
    QVERIFY2(names(u"/active"_s).isEmpty(), qPrintable(names(u"/active"_s).join(u' ')));
    QVERIFY2(names(u"/tmp"_s).isEmpty(), qPrintable(names(u"/tmp"_s).join(u' ')));
    QSet<QString> rows;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"look"_s);
        database.setDatabaseName(store() + u"/store.db"_s);
        QVERIFY(database.open());
        QSqlQuery layers(u"SELECT id FROM layers"_s, database);
        while (layers.next())
            rows << layers.value(0).toString();
        QSqlQuery check(u"PRAGMA integrity_check"_s, database);
        QVERIFY(check.next());
        QCOMPARE(check.value(0).toString(), u"ok"_s);
    }
    QSqlDatabase::removeDatabase(u"look"_s);
    const QStringList folders = names(u"/layers"_s);
    QCOMPARE(QSet<QString>(folders.begin(), folders.end()), rows);
    QFile mounts(u"/proc/self/mountinfo"_s);
    QVERIFY(mounts.open(QFile::ReadOnly) && !mounts.readAll().contains(store().toUtf8()));
    for (const char *status : {"PENDING", "ASSIGNED", "EXECUTING"})
        QVERIFY(Reply(SocketClient(socket()).Get(std::string("/v1/operations?status=") + status))
                    .array()
                    .isEmpty());
    QCOMPARE(
        Reply(SocketClient(socket()).Get("/v1/storage?images=0")).json().value(u"reclaimable"_s).toInt(-1),
        0);
    QTRY_VERIFY_WITH_TIMEOUT(names(u"/trash"_s).isEmpty(), 30'000);
}

void TestKillEngine::checkPromises(Promises &promises, bool all)
{
    SocketClient client(socket());
    const auto exists = [&](const QString &image) {
        return Reply(client.Get("/v1/inspect/" + image.toStdString() + "/")).status == 200;
    };
    for (auto each = promises.images.begin(); each != promises.images.end();) {
        auto &[image, promise] = *each;
        if (promise.mayBeGone && !exists(image)) {
            promises.removed.insert(image);
            each = promises.images.erase(each);
            continue;
        }
        promise.mayBeGone = false;
        QVERIFY2(exists(image), qPrintable(u"a committed image is lost: "_s + image));
        if (all || promise.digest.isEmpty() || std::uniform_int_distribution<int>(0, 4)(m_random) == 0) {
            const QByteArray digest = KillWorker::digestOf(client, image);
            QVERIFY2(!digest.isEmpty() && (promise.digest.isEmpty() || digest == promise.digest),
                     qPrintable(u"an image is not what it was: "_s + image));
            promise.digest = digest;
            ++m_checkedImages;
        }
        ++each;
    }
    for (const QString &image : promises.removed)
        QVERIFY2(!exists(image), "a removed image is back");
    promises.removed.clear();
    for (auto &[name, tag] : promises.tags) {
        const QJsonArray rows =
            Reply(client.Get("/v1/images?tag=" + name.toStdString())).json().value(u"images"_s).toArray();
        const QString image = rows.isEmpty() ? QString() : rows[0].toObject().value(u"uuid"_s).toString();
        QVERIFY2(image == tag.image || (tag.asked && image == *tag.asked),
                 qPrintable(u"a tag is lost: "_s + name));
        tag = {image, {}};
    }
    for (const QString &operation : std::as_const(promises.succeeded))
        QCOMPARE(statusOf(Reply(client.Get("/v1/operations/" + operation.toStdString())).json()),
                 u"SUCCESS"_s);
    m_operations += static_cast<int>(promises.succeeded.size());
    promises.succeeded.clear();
}

void TestKillEngine::everyPromiseIsKept()
{
    bool isNumber = false;
    const int wanted = qEnvironmentVariableIntValue("COOPERAGE_KILLS", &isNumber);
    const int kills = isNumber ? wanted : 4;
    qInfo("%d kills, COOPERAGE_SEED=%u", kills, m_seed);
    QElapsedTimer timer;
    timer.start();
    start();
    for (int round = 0; round < kills && !QTest::currentTestFailed(); ++round) {
        work(round);
        QTRY_VERIFY2_WITH_TIMEOUT(leftProcesses().isEmpty(), qPrintable(leftProcesses().join(u' ')), 10'000);
        start();
        if (QTest::currentTestFailed())
            return;
        checkStore();
        for (Promises &promises : m_promises)
            checkPromises(promises, round + 1 == kills);
        if ((round + 1) % 20 == 0)
            qInfo("%d kills, %lld s", round + 1, timer.elapsed() / 1000);
    }
    qsizetype images = 0;
    for (const Promises &promises : m_promises)
        images += static_cast<qsizetype>(promises.images.size());
    qInfo("%d kills in %lld s: %d operations had ended well, %lld images at the end, %d trees compared",
          kills, timer.elapsed() / 1000, m_operations, static_cast<long long>(images), m_checkedImages);
}

QTEST_GUILESS_MAIN(TestKillEngine)
#include "tst_killengine.moc"
