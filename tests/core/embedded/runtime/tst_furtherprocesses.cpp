#include "tests/core/embedded/runtime/instancefixture.h"
#include "tests/core/embedded/runtime/processmarks.h"

#include <QDirIterator>
#include <QProcess>
#include <QSet>

#include <csignal>
#include <thread>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

static QSet<QString> ownCgroups()
{
    QSet<QString> found;
    QDirIterator folders(u"/sys/fs/cgroup"_s, {u"cooperage-*"_s}, QDir::Dirs, QDirIterator::Subdirectories);
    while (folders.hasNext())
        found << folders.next();
    return found;
}

/// Several processes in one container, with each of the runtimes.
class TestFurtherProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<RunFixture>();
        if (!m_fixture->base.missing.isEmpty())
            QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->begin(); }
    void cleanup() { m_fixture->draft.reset(); }

    void theyStartAreFedAndSignalled_data() { runtimes(); }
    void theyStartAreFedAndSignalled();
    void theMainProcessEndsThem_data() { runtimes(); }
    void theMainProcessEndsThem();
    void aTimeOutEndsThem_data() { runtimes(); }
    void aTimeOutEndsThem();
    void aKilledEngineLeavesNothing_data() { runtimes(); }
    void aKilledEngineLeavesNothing();
    void nobodyInsideReachesTheInit_data() { runtimes(); }
    void nobodyInsideReachesTheInit();
    void anInstanceThatIsNotUpRefuses();
    void longCommandsArriveWhole();
    void unreadInputIsBounded();

private:
    static void runtimes()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("crun") << u"crun"_s;
        QTest::newRow("runc") << u"runc"_s;
    }
    Result<RuntimeChoice> runtime() const
    {
        QFETCH(QString, name);
        return probeRuntime(m_fixture->base.store->folder() + "/tmp", name);
    }

    std::unique_ptr<RunFixture> m_fixture;
};

#define NEEDS_RUNTIME(choice)                                                                                \
    const auto choice = runtime();                                                                           \
    if (!choice)                                                                                             \
    QSKIP(qPrintable(choice.error().text()))

void TestFurtherProcesses::theyStartAreFedAndSignalled()
{
    NEEDS_RUNTIME(choice);
    ProcessSpec main = shell("echo up; read line; echo got $line; exit 3");
    main.keepStdinOpen = true;
    Running run(*m_fixture, *choice, main);
    QVERIFY(run.told->waitForOutput(1, "up\n"));
    QVERIFY(run.told->pid(1) > 1);
    QVERIFY(run.devices.find("lo:") != std::string::npos);

    ProcessSpec cat = shell("cat; exit 5");
    cat.keepStdinOpen = true;
    QCOMPARE(run.instance.start(cat, run.told), 2);
    QVERIFY(run.instance.feed(2, "one ", false));
    QVERIFY(run.instance.feed(2, "two", true));
    QCOMPARE(run.instance.feed(2, "x", true).error(), Refusal::Ended);
    QCOMPARE(run.told->waitForEnd(2)->exitCode, 5);
    QCOMPARE(run.told->output(2), "one two");

    QCOMPARE(run.instance.start({.argv = {"sleep", "1000"}}, run.told), 3);
    QVERIFY(run.instance.signal(3, SIGTERM));
    const auto killed = run.told->waitForEnd(3);
    QCOMPARE(killed->signal, SIGTERM);
    QCOMPARE(killed->exitCode, -1);
    QCOMPARE(run.instance.signal(3, SIGTERM).error(), Refusal::Ended);
    QCOMPARE(run.instance.signal(4, SIGTERM).error(), Refusal::Unknown);

    QVERIFY(run.instance.feed(1, "all\n", true));
    run.thread.join();
    QCOMPARE(run.outcome->exitCode, 3);
    QCOMPARE(run.told->output(1), "up\ngot all\n");
    QCOMPARE(run.instance.start(cat, run.told).error(), Refusal::Ended);
}

void TestFurtherProcesses::theMainProcessEndsThem()
{
    NEEDS_RUNTIME(choice);
    const std::string mark = uniqueSleep();
    ProcessSpec main = shell("read line");
    main.keepStdinOpen = true;
    Running run(*m_fixture, *choice, main);
    QCOMPARE(run.start(shell("trap '' TERM; echo up; sleep " + mark)), 2);
    QVERIFY(run.told->waitForOutput(2, "up\n"));
    QVERIFY(run.instance.feed(1, {}, true));
    run.thread.join();
    QCOMPARE(run.outcome->exitCode, 1);
    QCOMPARE(run.told->endings(), (std::vector{2, 1}));
    QCOMPARE(run.told->waitForEnd(2)->signal, SIGKILL);
    QVERIFY(run.told->waitForEnd(2)->usage.maxRssKb > 0); // Reaped, not guessed.
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestFurtherProcesses::aTimeOutEndsThem()
{
    NEEDS_RUNTIME(choice);
    const std::string mark = uniqueSleep();
    ProcessSpec main = shell("sleep " + mark);
    main.timeoutSeconds = 1;
    Running run(*m_fixture, *choice, main);
    QCOMPARE(run.start(shell("sleep " + mark)), 2);
    run.thread.join();
    QVERIFY(run.outcome->timedOut);
    QCOMPARE(run.outcome->signal, SIGKILL);
    QCOMPARE(run.told->endings(), (std::vector{2, 1}));
    QVERIFY(!run.told->waitForEnd(2)->timedOut);
    QCOMPARE(run.told->waitForEnd(2)->signal, SIGKILL);
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestFurtherProcesses::aKilledEngineLeavesNothing()
{
    NEEDS_RUNTIME(choice);
    QFETCH(QString, name);
    const QByteArray mark = QByteArray::fromStdString(uniqueSleep());
    const QSet<QString> before = ownCgroups();
    QTemporaryDir folder;
    QProcess engine;
    engine.start(QCoreApplication::applicationFilePath(),
                 {u"--run-forever"_s, folder.path(), QString::fromLatin1(mark), name});
    QVERIFY(engine.waitForReadyRead(60'000)); // "begun", by the further process
    QVERIFY(processWith(mark));
    engine.kill();
    QVERIFY(engine.waitForFinished());
    QTRY_VERIFY_WITH_TIMEOUT(!processWith(mark), 10'000);
    QCOMPARE(ownCgroups() - before, QSet<QString>());
    QVERIFY(Store::open(folder.filePath(u"store"_s)));
}

void TestFurtherProcesses::nobodyInsideReachesTheInit()
{
    NEEDS_RUNTIME(choice);
    Running run(*m_fixture, *choice,
                shell("readlink /proc/1/fd/3 && echo reached; cat /proc/1/environ && echo reached;"
                      "head -c 1 /proc/1/mem && echo reached; kill -9 1; kill -STOP 1; echo alive"));
    QVERIFY(run.told->waitForEnd(1));
    QVERIFY2(run.told->output(1).find("alive\n") != std::string::npos, run.told->output(1).c_str());
    QVERIFY2(run.told->output(1).find("reached") == std::string::npos, run.told->output(1).c_str());
    QCOMPARE(run.told->waitForEnd(1)->exitCode, 0);
}

void TestFurtherProcesses::anInstanceThatIsNotUpRefuses()
{
    Instance instance;
    const auto told = std::make_shared<Told>();
    QCOMPARE(instance.start(shell("true"), told).error(), Refusal::NotReady);
    QCOMPARE(instance.feed(1, "x", false).error(), Refusal::NotReady);
    QCOMPARE(instance.signal(1, SIGTERM).error(), Refusal::NotReady);
    QCOMPARE(instance.signal(2, SIGTERM).error(), Refusal::Unknown);
}

void TestFurtherProcesses::longCommandsArriveWhole()
{
    ProcessSpec main = shell("echo ${#LONG} $#; env | wc -l; sleep 0.1");
    main.argv.emplace_back("sh");
    for (int i = 0; i < 5000; ++i)
        main.argv.emplace_back(80, 'a');
    main.env["LONG"] = std::string(100'000, 'v');
    for (int i = 0; i < 2000; ++i)
        main.env["V" + std::to_string(i)] = "x";
    const Ran ran = m_fixture->run(main);
    QCOMPARE(ran.code(), 0);
    QVERIFY2(ran.out.startsWith("100000 5000\n"), ran.out.left(100).constData());
    main.argv.assign({"echo"});
    main.argv.resize(50, std::string(100'000, 'b')); // More than the kernel takes.
    const Ran refused = m_fixture->run(main);
    QCOMPARE(refused.code(), 126);
}

void TestFurtherProcesses::unreadInputIsBounded()
{
    Running run(*m_fixture, m_fixture->base.runtime, shell("sleep 1000"));
    ProcessSpec deaf{.argv = {"sleep", "1000"}};
    deaf.keepStdinOpen = true;
    QCOMPARE(run.start(deaf), 2);
    const std::string piece(16UL * 1024 * 1024, 'x');
    int taken = 0;
    std::expected<void, Refusal> answer;
    while (taken < 10 && (answer = run.instance.feed(2, piece, false)))
        ++taken;
    QVERIFY2(taken >= 3 && taken <= 4, qPrintable(QString::number(taken)));
    QCOMPARE(answer.error(), Refusal::Busy);
}

// What the killed engine does.
static int runForever(const QString &folder, const std::string &duration, const QString &name)
{
    auto store = Store::open(folder + u"/store"_s);
    if (!store || !ensureBusyboxImage(**store, staticBusybox()))
        return 2;
    const auto runtime = probeRuntime((*store)->folder() + "/tmp", name);
    const auto draft = (*store)->beginLayer();
    if (!runtime || !draft)
        return 3;
    const auto layers = (*store)->image(*(*store)->uuidOfTag(u"busybox:latest"_s))->layers;
    ProcessSpec spec = shell("sleep " + duration);
    spec.timeoutSeconds = 0;
    Instance instance;
    const auto told = std::make_shared<Told>();
    const std::jthread other([&] {
        while (!instance.start(shell("echo begun; trap '' TERM; sleep " + duration), told))
            std::this_thread::yield();
        if (told->waitForOutput(2, "begun") && ::write(STDOUT_FILENO, "begun", 5) < 0)
            std::abort();
    });
    return runInstance(*runtime, **store, layers, *draft, spec, instance, told, {}, {}) ? 0 : 4;
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 5 && qstrcmp(argv[1], "--run-forever") == 0)
        return runForever(QFile::decodeName(argv[2]), argv[3], QString::fromLatin1(argv[4]));
    TestFurtherProcesses test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_furtherprocesses.moc"
