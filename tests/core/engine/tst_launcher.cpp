#include "core/engine/enginelog.h"
#include "core/engine/launcher.h"
#include "core/engine/localengine.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <csignal>

using namespace cooperage;
using namespace cooperage::engine;
using namespace Qt::StringLiterals;

class LauncherTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void keepsToTheUsersFolders();
    void refusesSocketPathsThatAreTooLong();
    void refusesAFolderThatOthersCanEnter();
    void saysWhyTheEngineEnded();
    void saysThatTheProgramIsMissing();
    void knowsThatNothingRuns();
    void doesNotEndForeignProcesses();
    void startsOneEngineForManyCallers();
    void startsAfterAStartThatWasGivenUp();
    void startsAgainAfterTheEngineHasGone();
    void beginsANewLogWhenItIsLong();

private:
    std::unique_ptr<test::PrivateHome> m_home;
};

void LauncherTest::init()
{
    m_home = std::make_unique<test::PrivateHome>();
    qputenv("COOPERAGE_ENGINE", COOPERAGE_BIN_DIR "/cooperage-engine");
}

void LauncherTest::cleanup()
{
    if (const auto paths = LocalPaths::standard())
        (void)QCoro::waitFor(stopLocalEngine(*paths));
    m_home.reset();
}

static QString engineScript(const test::PrivateHome &home, const QByteArray &text)
{
    QFile script(home.path(u"engine"_s));
    if (!script.open(QFile::WriteOnly) || script.write("#!/bin/sh\n" + text) <= 0)
        qFatal("cannot write a script");
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return script.fileName();
}

void LauncherTest::keepsToTheUsersFolders()
{
    auto paths = LocalPaths::standard();
    QVERIFY(paths);
    QCOMPARE(paths->socket, m_home->path(u"run/cooperage/engine.sock"_s));
    QCOMPARE(paths->store, m_home->path(u"data/cooperage/store"_s));
    QCOMPARE(paths->log, m_home->path(u"state/cooperage/engine.log"_s));
    QVERIFY(paths->makeFolders());
    QCOMPARE(QFileInfo(paths->folder).permissions() & 0x777, QFile::Permissions::fromInt(0x700));

    qunsetenv("XDG_RUNTIME_DIR");
    paths = LocalPaths::standard();
    QVERIFY(paths->folder.startsWith("/tmp/cooperage-"_L1));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_home->path(u"run"_s)));
}

void LauncherTest::refusesSocketPathsThatAreTooLong()
{
    const QString deep = m_home->path(u"run/"_s + QString(90, u'x'));
    QVERIFY(QDir().mkpath(deep));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(deep));
    const auto paths = LocalPaths::standard();
    QVERIFY(!paths);
    QVERIFY(paths.error().next.contains("XDG_RUNTIME_DIR"_L1));
    LocalEngine engine;
    const auto info = QCoro::waitFor(engine.info());
    QVERIFY(!info);
    QVERIFY(info.error().next.contains("XDG_RUNTIME_DIR"_L1));
}

void LauncherTest::refusesAFolderThatOthersCanEnter()
{
    const auto paths = LocalPaths::standard();
    QVERIFY(QDir().mkdir(paths->folder));
    QVERIFY(QFile::setPermissions(paths->folder, QFile::Permissions::fromInt(0x755)));
    const auto made = paths->makeFolders();
    QVERIFY(!made);
    QCOMPARE(made.error().kind, ErrorKind::Denied);

    QVERIFY(QDir().rmdir(paths->folder));
    QVERIFY(QFile::link(m_home->path(u"data"_s), paths->folder));
    QVERIFY(!paths->makeFolders());
}

void LauncherTest::saysWhyTheEngineEnded()
{
    qputenv("COOPERAGE_ENGINE", QFile::encodeName(engineScript(
                                    *m_home, "echo 'the store is from a newer version' >&2; exit 1\n")));
    const auto started = QCoro::waitFor(startLocalEngine(*LocalPaths::standard()));
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::Unreachable);
    QVERIFY2(started.error().what.contains("the store is from a newer version"_L1),
             qPrintable(started.error().text()));
    QVERIFY(started.error().next.contains(LocalPaths::standard()->log));
}

void LauncherTest::saysThatTheProgramIsMissing()
{
    qputenv("COOPERAGE_ENGINE", "/nonexistent/engine");
    LocalEngine engine;
    const auto images = QCoro::waitFor(engine.images({}));
    QVERIFY(!images);
    QCOMPARE(images.error().kind, ErrorKind::NotFound);
    QCOMPARE(images.error().where, u"/nonexistent/engine"_s);
}

void LauncherTest::knowsThatNothingRuns()
{
    const LocalPaths paths = *LocalPaths::standard();
    QVERIFY(!QCoro::waitFor(localEngineStatus(paths))->running);
    QCOMPARE(QCoro::waitFor(stopLocalEngine(paths)).value(), false);
}

void LauncherTest::doesNotEndForeignProcesses()
{
    const LocalPaths paths = *LocalPaths::standard();
    QVERIFY(paths.makeFolders());
    test::ServiceProcess other;
    QVERIFY(other.start(u"sleep"_s, {u"1000"_s}, [] { return true; }));
    QFile pidFile(paths.pidFile);
    QVERIFY(pidFile.open(QFile::WriteOnly));
    pidFile.write(QByteArray::number(other.processId()));
    pidFile.close();
    QCOMPARE(QCoro::waitFor(stopLocalEngine(paths)).value(), false);
    QCOMPARE(::kill(static_cast<pid_t>(other.processId()), 0), 0);
}

void LauncherTest::startsOneEngineForManyCallers()
{
    const LocalPaths paths = *LocalPaths::standard();
    std::vector<Task<>> callers;
    for (int i = 0; i < 4; ++i)
        callers.push_back(startLocalEngine(paths));
    for (Task<> &caller : callers) {
        const auto started = QCoro::waitFor(caller);
        QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    }
    const auto status = QCoro::waitFor(localEngineStatus(paths));
    QVERIFY(status && status->running);
    QVERIFY(status->processId > 0);
    QVERIFY(status->info.offers(extension::commit));

    QCOMPARE(QCoro::waitFor(stopLocalEngine(paths)).value(), true);
    QVERIFY(!QCoro::waitFor(localEngineStatus(paths))->running);
}

// The engine of the first start goes on and answers a little later.
void LauncherTest::startsAfterAStartThatWasGivenUp()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("the engine is not built");
    const auto paths = LocalPaths::standard();
    std::stop_source stop;
    auto first = startLocalEngine(*paths, stop.get_token());
    QTRY_VERIFY(QFile::exists(paths->pidFile));
    stop.request_stop();
    (void)QCoro::waitFor(std::move(first));
    const auto second = QCoro::waitFor(startLocalEngine(*paths));
    QVERIFY2(second, second ? "" : qPrintable(second.error().text()));
}

void LauncherTest::startsAgainAfterTheEngineHasGone()
{
    LocalEngine engine;
    const auto first = QCoro::waitFor(engine.images({}));
    QVERIFY2(first, qPrintable(first ? QString() : first.error().text()));
    QCOMPARE(QCoro::waitFor(stopLocalEngine(*LocalPaths::standard())).value(), true);
    const auto second = QCoro::waitFor(engine.images({}));
    QVERIFY2(second, qPrintable(second ? QString() : second.error().text()));
}

void LauncherTest::beginsANewLogWhenItIsLong()
{
    const QString path = m_home->path(u"state/x.log"_s);
    QFile log(path);
    QVERIFY(log.open(QFile::WriteOnly));
    log.write("old\n");
    log.close();
    rotateLog(path);
    QVERIFY(QFile::exists(path));
    QCOMPARE(logTail(path, 0), u"old"_s);
    QCOMPARE(logTail(path, 4), QString());
    QVERIFY(log.open(QFile::Append));
    log.write(QByteArray(5'000'001, 'x'));
    log.close();
    rotateLog(path);
    QVERIFY(!QFile::exists(path));
    QVERIFY(QFile::exists(path + u".1"_s));
}

QTEST_GUILESS_MAIN(LauncherTest)
#include "tst_launcher.moc"
