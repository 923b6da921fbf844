#include "core/build/forecast.h"
#include "core/dockerfile/parser.h"
#include "core/sessions/lineage.h"
#include "tests/core/build/buildfixture.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// What is reused, what runs side by side, and how a build ends early; on the real engine.
class TestBuildCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void secondBuildReusesEverything();
    void forecastAgreesWithTheBuild();
    void editedFileRunsOnlyLaterSteps();
    void buildArgRunsOnlyWhatSeesIt();
    void changedConfigRunsNothing();
    void failedBuildKeepsEarlierLayers();
    void noCacheRunsEverythingButRemembers();
    void layersThatTheEngineLostAreMadeAgain();
    void sessionRemembersTheBuild();
    void reusedStepsAreOnTheWayBack();
    void independentStagesRunSideBySide();
    void failureStopsTheOtherStages();
    void stopEndsTheRunningStep();
    void onlyStagesOfTheTargetAreBuilt();
    void sameUrlIsNotFetchedTwice();

private:
    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))

void TestBuildCache::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

static const QString manySteps =
    u"FROM busybox AS one\nRUN date +%N > /stamp\n"
    "FROM busybox\nENV A=1\nWORKDIR /w\nCOPY a.txt b.txt ./\nRUN cat a.txt > c.txt\n"
    "COPY --from=one /stamp /\nCOPY b.txt /b\nRUN true\nCMD [\"x\"]\n"_s;

void TestBuildCache::secondBuildReusesEverything()
{
    m_fixture->write(u"a.txt"_s, "a");
    m_fixture->write(u"b.txt"_s, "b");
    const auto first = m_fixture->build(manySteps);
    VERIFY_BUILT(first);
    const auto images = QCoro::waitFor(m_fixture->engine.images({}));
    const auto second = m_fixture->build(manySteps);
    VERIFY_BUILT(second);
    QCOMPARE(second.states(), u"CCCCCCCCCCC"_s);
    QCOMPARE(second.result->image, first.result->image);
    QCOMPARE(second.result->cachedSteps, second.result->steps);
    QVERIFY(second.output.isEmpty());
    QCOMPARE(QCoro::waitFor(m_fixture->engine.images({}))->size(), images->size());
}

void TestBuildCache::forecastAgreesWithTheBuild()
{
    m_fixture->write(u"a.txt"_s, "for the forecast");
    m_fixture->write(u"b.txt"_s, "b");
    const auto plan = build::makePlan(dockerfile::parse(manySteps), {});
    QVERIFY(plan);
    const auto predicted = [&] {
        auto context = context::FolderContext::open(m_fixture->context());
        std::shared_ptr<const context::FolderContext> shared(std::move(*context));
        QString states;
        for (const build::StepForecast &step :
             QCoro::waitFor(build::predict(&*plan, shared, m_fixture->sessions.get())))
            states += step.state == build::StepForecast::State::Cached    ? u'C'
                      : step.state == build::StepForecast::State::WillRun ? u'D'
                                                                          : u'U';
        return states;
    };
    VERIFY_BUILT(m_fixture->build(manySteps));
    QCOMPARE(predicted(), u"CCCCCCCCCCC"_s);
    m_fixture->write(u"b.txt"_s, "new");
    const QString forecast = predicted();
    const auto report = m_fixture->build(manySteps);
    QCOMPARE(report.states(), forecast);
    QCOMPARE(forecast, u"CCCCCDDDDDD"_s);
}

void TestBuildCache::editedFileRunsOnlyLaterSteps()
{
    const QString text = u"FROM busybox\nCOPY a.txt /\nRUN cat a.txt\nCOPY b.txt /\nRUN cat b.txt\n"_s;
    m_fixture->write(u"a.txt"_s, "1");
    m_fixture->write(u"b.txt"_s, "2");
    VERIFY_BUILT(m_fixture->build(text));
    m_fixture->write(u"b.txt"_s, "3");
    const auto report = m_fixture->build(text);
    QCOMPARE(report.states(), u"CCCDD"_s);
    QCOMPARE(report.output[4], "3");
    m_fixture->write(u"b.txt"_s, "2");
    QCOMPARE(m_fixture->build(text).states(), u"CCCCC"_s);
}

void TestBuildCache::buildArgRunsOnlyWhatSeesIt()
{
    const QString text = u"FROM busybox\nRUN echo once\nARG V=1\nRUN echo v$V\n"_s;
    VERIFY_BUILT(m_fixture->build(text));
    build::BuildRequest request;
    request.buildArgs = {{u"V"_s, u"2"_s}, {u"UNUSED"_s, u"3"_s}};
    const auto report = m_fixture->build(text, request);
    QCOMPARE(report.states(), u"CCCD"_s);
    QCOMPARE(report.output[3], "v2\n");
    QVERIFY(report.messages.join(u'\n').contains(u"UNUSED"_s));
}

void TestBuildCache::changedConfigRunsNothing()
{
    VERIFY_BUILT(m_fixture->build(u"FROM busybox\nRUN echo config\nCMD [\"a\"]\n"_s));
    const auto report = m_fixture->build(u"FROM busybox\nRUN echo config\nCMD [\"b\"]\n"_s);
    QCOMPARE(report.states(), u"CCD"_s);
    const QJsonObject config = m_fixture->config(report.result->image)[u"config"_s].toObject();
    QCOMPARE(config[u"Cmd"_s].toArray(), QJsonArray{u"b"_s});
}

void TestBuildCache::failedBuildKeepsEarlierLayers()
{
    QCOMPARE(m_fixture->build(u"FROM busybox\nRUN echo kept\nRUN exit 1\n"_s).states().sliced(1), u"DF"_s);
    QCOMPARE(m_fixture->build(u"FROM busybox\nRUN echo kept\nRUN exit 0\n"_s).states().sliced(1), u"CD"_s);
}

void TestBuildCache::noCacheRunsEverythingButRemembers()
{
    const QString text = u"FROM busybox\nRUN date +%N > /now\n"_s;
    const auto first = m_fixture->build(text);
    build::BuildRequest request;
    request.noCache = true;
    const auto second = m_fixture->build(text, request);
    QCOMPARE(second.states().sliced(1), u"D"_s);
    QVERIFY(second.result->image != first.result->image);
    QCOMPARE(m_fixture->build(text).result->image, second.result->image);
}

void TestBuildCache::layersThatTheEngineLostAreMadeAgain()
{
    m_fixture->write(u"a"_s, "a");
    m_fixture->write(u"b"_s, "b");
    const QString text = u"FROM scratch\nCOPY a /\nCOPY b /\n"_s;
    VERIFY_BUILT(m_fixture->build(text));
    QCOMPARE(m_fixture->build(text).states(), u"CCC"_s);
    const auto paths = engine::LocalPaths::standard();
    QVERIFY(paths);
    QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
    QVERIFY(QDir(paths->store).removeRecursively());
    const auto report = m_fixture->build(text);
    VERIFY_BUILT(report);
    QCOMPARE(report.states(), u"CDD"_s);
    QCOMPARE(m_fixture->read(report.result->image, u"/b"_s), "b");
}

void TestBuildCache::sessionRemembersTheBuild()
{
    const auto report = m_fixture->build(u"FROM busybox\nRUN echo session\n"_s);
    VERIFY_BUILT(report);
    QVERIFY(report.result->session.startsWith(u"build:"_s));
    const auto history = m_fixture->sessions->history(report.result->session);
    QVERIFY(history);
    QVERIFY(std::ranges::any_of(
        *history, [](const sessions::HistoryEntry &entry) { return entry.title == u"RUN echo session"_s; }));
}

void TestBuildCache::reusedStepsAreOnTheWayBack()
{
    const QString lines = u"FROM busybox\nRUN echo back > /one\n"_s;
    VERIFY_BUILT(m_fixture->build(lines));
    const auto report = m_fixture->build(lines + u"RUN echo back > /two\n"_s);
    VERIFY_BUILT(report);
    const auto entries = sessions::lineageOf(*m_fixture->sessions, report.result->image);
    QVERIFY(entries);
    QStringList titles;
    for (const sessions::HistoryEntry &entry : *entries)
        titles.append(entry.title);
    // The last entry is the image with its configuration.
    QCOMPARE(titles.mid(0, 3),
             QStringList({u"FROM busybox"_s, u"RUN echo back > /one"_s, u"RUN echo back > /two"_s}));
}

void TestBuildCache::independentStagesRunSideBySide()
{
    const auto report = m_fixture->build(u"FROM busybox AS one\nRUN sleep 2; echo 1 > /x\n"
                                         "FROM busybox AS two\nRUN sleep 2; echo 2 > /y\n"
                                         "FROM busybox\nCOPY --from=one /x /\nCOPY --from=two /y /\n"_s);
    VERIFY_BUILT(report);
    // Steps 1 and 3 are the two RUNs: both have started before either ends.
    const qsizetype bothStarted = std::max(report.order.indexOf(u"+1"_s), report.order.indexOf(u"+3"_s));
    const qsizetype oneEnded = std::min(report.order.indexOf(u"-1"_s), report.order.indexOf(u"-3"_s));
    QVERIFY2(bothStarted >= 0 && bothStarted < oneEnded, qPrintable(report.order.join(u' ')));
    QCOMPARE(m_fixture->read(report.result->image, u"/y"_s), "2\n");
}

void TestBuildCache::failureStopsTheOtherStages()
{
    QElapsedTimer timer;
    timer.start();
    const auto report = m_fixture->build(u"FROM busybox AS one\nRUN sleep 61\n"
                                         "FROM busybox AS two\nRUN exit 7\n"
                                         "FROM busybox\nCOPY --from=one /x /\nCOPY --from=two /y /\n"_s);
    QVERIFY(!report.result);
    QVERIFY2(report.error().contains(u"exit code: 7"_s), qPrintable(report.error()));
    QVERIFY(timer.elapsed() < 20'000);
    QCOMPARE(report.states()[1], u'X');
    QCOMPARE(report.states()[3], u'F');
}

void TestBuildCache::stopEndsTheRunningStep()
{
    QElapsedTimer timer;
    timer.start();
    const auto report = m_fixture->buildAndStop(u"FROM busybox\nRUN echo running; sleep 63\nRUN never\n"_s);
    QVERIFY(!report.result);
    QCOMPARE(report.result.error().kind, ErrorKind::Cancelled);
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(report.states().sliced(1), u"XS"_s);
    QTRY_COMPARE(QProcess::execute(u"pgrep"_s, {u"-f"_s, u"^sleep 63$"_s}), 1);
}

void TestBuildCache::onlyStagesOfTheTargetAreBuilt()
{
    build::BuildRequest request;
    request.target = u"one"_s;
    const auto report =
        m_fixture->build(u"FROM busybox AS one\nRUN echo one\nFROM busybox AS two\nRUN exit 1\n"_s, request);
    VERIFY_BUILT(report);
    QCOMPARE(report.steps.size(), 2);
    request.target = u"tow"_s;
    const auto unknown = m_fixture->build(u"FROM busybox AS one\nFROM busybox AS two\n"_s, request);
    QVERIFY2(unknown.error().contains(u"two"_s), qPrintable(unknown.error()));
}

void TestBuildCache::sameUrlIsNotFetchedTwice()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QStringList methods;
    connect(&server, &QTcpServer::newConnection, &server, [&server, &methods] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &methods] {
            if (!socket->peek(64 * 1024).contains("\r\n\r\n"))
                return;
            const QByteArray method = socket->readAll().split(' ').first();
            methods << QString::fromLatin1(method);
            socket->write(
                "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
            if (method == "GET")
                socket->write("hello");
            socket->disconnectFromHost();
        });
    });
    const QString text =
        u"FROM busybox\nADD http://127.0.0.1:%1/dir/file.bin?x=1 /to/\n"_s.arg(server.serverPort());
    const auto first = m_fixture->build(text);
    VERIFY_BUILT(first);
    QCOMPARE(m_fixture->read(first.result->image, u"/to/file.bin"_s), "hello");
    QCOMPARE(m_fixture->describe(first.result->image, u"/to/file.bin"_s), u"600 0:0"_s);
    QCOMPARE(methods.count(u"GET"_s), 1);
    const auto second = m_fixture->build(text);
    QCOMPARE(second.states(), u"CC"_s);
    QCOMPARE(second.finished[1].note, u"URL cache hit (HEAD validators match)"_s);
    QCOMPARE(methods.count(u"GET"_s), 1);
}

QTEST_GUILESS_MAIN(TestBuildCache)
#include "tst_buildcache.moc"
