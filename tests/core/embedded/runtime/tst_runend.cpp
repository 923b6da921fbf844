#include "tests/core/embedded/runtime/processmarks.h"
#include "tests/core/embedded/runtime/runfixture.h"

#include <QElapsedTimer>
#include <QProcess>

#include <atomic>
#include <csignal>
#include <thread>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

class TestRunEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<RunFixture>();
        if (!m_fixture->base.missing.isEmpty())
            QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
        qInfo("runtime: %s %s", m_fixture->base.runtime.program.c_str(),
              m_fixture->base.runtime.version.c_str());
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->begin(); }
    void cleanup() { m_fixture->draft.reset(); }

    void timeOutKills();
    void stopKills();
    void backgroundProcessesEndWithTheCommand();
    void killedEngineLeavesNoProcess();
    void runsSideBySide();
    void usageIsMeasured();
    void outputIsTruncatedAndCounted();

private:
    std::unique_ptr<RunFixture> m_fixture;
};

void TestRunEnd::timeOutKills()
{
    const std::string mark = uniqueSleep();
    ProcessSpec spec = shell("echo begun; sleep " + mark + " & trap '' TERM; sleep " + mark);
    spec.timeoutSeconds = 2;
    const Ran ran = m_fixture->run(spec);
    QCOMPARE(ran.code(), -1);
    QVERIFY(ran.outcome->timedOut);
    QCOMPARE(ran.outcome->signal, 9);
    QCOMPARE(ran.out, "begun\n");
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestRunEnd::stopKills()
{
    const std::string mark = uniqueSleep();
    std::stop_source source;
    QElapsedTimer timer;
    const ProcessSpec spec = shell("sleep " + mark + " & sleep " + mark + " & echo begun; wait");
    const auto outcome = runProcess(
        m_fixture->base.runtime, *m_fixture->base.store, m_fixture->base.layers, *m_fixture->draft, spec,
        [&](OutputStream, const char *, std::size_t) {
            timer.start();
            source.request_stop();
        },
        source.get_token());
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestRunEnd::backgroundProcessesEndWithTheCommand()
{
    const std::string mark = uniqueSleep();
    const Ran ran = m_fixture->run(shell("sleep " + mark + " & echo done"));
    QCOMPARE(ran.out, "done\n");
    QCOMPARE(ran.code(), 0);
    QVERIFY(ran.outcome->usage.elapsedSeconds < 30);
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestRunEnd::killedEngineLeavesNoProcess()
{
    const QByteArray mark = QByteArray::fromStdString(uniqueSleep());
    QTemporaryDir folder;
    QProcess engine;
    engine.start(QCoreApplication::applicationFilePath(),
                 {u"--run-forever"_s, folder.path(), QString::fromLatin1(mark)});
    QVERIFY(engine.waitForReadyRead(60'000)); // "begun"
    QVERIFY(processWith(mark));
    engine.kill();
    QVERIFY(engine.waitForFinished());
    QTRY_VERIFY_WITH_TIMEOUT(!processWith(mark), 10'000);
    QVERIFY(Store::open(folder.filePath(u"store"_s)));
}

void TestRunEnd::runsSideBySide()
{
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&, i] {
                auto draft = m_fixture->base.store->beginLayer();
                const std::string text = std::to_string(i);
                const Ran ran =
                    m_fixture->runIn(*draft, m_fixture->base.layers, shell("echo " + text + " > /n; cat /n"));
                const auto layer = m_fixture->base.store->commitLayer(std::move(*draft));
                if (ran.code() == 0 && ran.out.trimmed() == QByteArray::fromStdString(text) && layer)
                    ++good;
            });
    }
    QCOMPARE(good, 6);
}

void TestRunEnd::usageIsMeasured()
{
    const Ran ran = m_fixture->run(shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"));
    QCOMPARE(ran.code(), 0);
    const Usage &usage = ran.outcome->usage;
    QVERIFY(usage.userSeconds + usage.systemSeconds > 0.005);
    QVERIFY(usage.elapsedSeconds > 0);
    QVERIFY(usage.maxRssKb > 100);
}

void TestRunEnd::outputIsTruncatedAndCounted()
{
    ProcessSpec spec = shell("head -c 100000 /dev/zero; echo some errors >&2");
    spec.truncateAt = 1000;
    const Ran ran = m_fixture->run(spec);
    QCOMPARE(ran.out.size(), 1000);
    QVERIFY(ran.outcome->stdoutTruncated);
    QCOMPARE(ran.outcome->stdoutDropped, 99'000);
    QVERIFY(!ran.outcome->stderrTruncated);
    QCOMPARE(ran.err, "some errors\n");
}

// What the killed engine does.
static int runForever(const QString &folder, const std::string &duration)
{
    auto store = Store::open(folder + u"/store"_s);
    if (!store || !ensureBusyboxImage(**store, staticBusybox()))
        return 2;
    const auto runtime = probeRuntime((*store)->folder() + "/tmp");
    const auto draft = (*store)->beginLayer();
    if (!runtime || !draft)
        return 3;
    const auto layers = (*store)->image(*(*store)->uuidOfTag(u"busybox:latest"_s))->layers;
    ProcessSpec spec = shell("sleep " + duration + " & echo begun; wait");
    spec.timeoutSeconds = 0;
    const auto outcome = runProcess(*runtime, **store, layers, *draft, spec,
                                    [](OutputStream, const char *bytes, std::size_t size) {
                                        if (::write(STDOUT_FILENO, bytes, size) < 0)
                                            std::abort();
                                    },
                                    {});
    return outcome ? 0 : 4;
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && qstrcmp(argv[1], "--run-forever") == 0)
        return runForever(QFile::decodeName(argv[2]), argv[3]);
    TestRunEnd test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_runend.moc"
