#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// The real program against the real engine, which brings the image busybox:latest.
class CliRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void runsCommands();
    void passesExitCodesOn_data();
    void passesExitCodesOn();
    void keepsWhatACommandChanges();
    void ctrlCCancelsTheCommand();
    void looksIntoImages();
    void copiesOutOfImages();
    void comparesImages();
    void searchesImages();
    void saysWhatIsMissing();
    void importsArchives();
    void listsOperations();

private:
    PrivateHome m_home;
};

static QString lastWord(const QString &text)
{
    return text.trimmed().section(u' ', -1).section(u'\n', -1);
}

void CliRunTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
    const Outcome started = run({u"engine"_s, u"start"_s});
    QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
}

void CliRunTest::cleanupTestCase()
{
    const Outcome stopped = run({u"engine"_s, u"stop"_s});
    QVERIFY2(stopped.exitCode == 0, qPrintable(stopped.errors));
    const Outcome status = run({u"engine"_s, u"status"_s});
    QCOMPARE(status.exitCode, 1);
    QCOMPARE(status.output, u"not running\n"_s);
}

void CliRunTest::runsCommands()
{
    const Outcome outcome =
        run({u"run"_s, u"busybox:latest"_s, u"--env"_s, u"GREETING=hi there"_s, u"--cwd"_s, u"/tmp"_s,
             u"--disposable"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo \"$GREETING\"; pwd; echo oops >&2"_s});
    QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.errors));
    QCOMPARE(outcome.output, u"hi there\n/tmp\n"_s);
    QCOMPARE(outcome.errors, u"oops\n"_s);
}

void CliRunTest::passesExitCodesOn_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("7") << u"exit 7"_s << 7;
    QTest::newRow("missing program") << u"nonsense"_s << 127;
    QTest::newRow("signal") << u"kill -TERM $$"_s << 128 + SIGTERM;
    QTest::newRow("time-out") << u"sleep 100"_s << 124;
}

void CliRunTest::passesExitCodesOn()
{
    QFETCH(const QString, script);
    const Outcome outcome = run({u"run"_s, u"busybox:latest"_s, u"--disposable"_s, u"--timeout"_s, u"2"_s,
                                 u"--"_s, u"sh"_s, u"-c"_s, script});
    QFETCH(const int, exitCode);
    QVERIFY2(outcome.exitCode == exitCode, qPrintable(outcome.errors));
}

void CliRunTest::keepsWhatACommandChanges()
{
    const Outcome changed = run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"changed:1"_s, u"--"_s, u"sh"_s,
                                 u"-c"_s, u"echo kept > /kept"_s});
    QVERIFY2(changed.exitCode == 0, qPrintable(changed.errors));
    const QString image = lastWord(changed.errors);
    QCOMPARE(run({u"cat"_s, u"changed:1"_s, u"/kept"_s}).output, u"kept\n"_s);
    QCOMPARE(run({u"cat"_s, image, u"kept"_s}).output, u"kept\n"_s);
}

void CliRunTest::ctrlCCancelsTheCommand()
{
    QProcess process;
    process.start(program,
                  {u"run"_s, u"busybox:latest"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo begun; sleep 1000"_s});
    QByteArray output;
    QTRY_VERIFY_WITH_TIMEOUT((output += process.readAllStandardOutput()).contains("begun"), 20'000);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    const Outcome outcome = finish(process);
    QCOMPARE(outcome.exitCode, 130);
    QVERIFY(timer.elapsed() < 10'000);
    QTRY_VERIFY(!run({u"ps"_s}).output.contains("instance"_L1));
    QVERIFY(run({u"ps"_s, u"--all"_s}).output.contains("cancelled"_L1));
}

void CliRunTest::looksIntoImages()
{
    const Outcome listing = run({u"ls"_s, u"busybox:latest"_s, u"/bin"_s});
    QVERIFY2(listing.exitCode == 0, qPrintable(listing.errors));
    QVERIFY2(listing.output.contains("-rwxr-xr-x"_L1) && listing.output.contains("busybox"_L1),
             qPrintable(listing.output));
    const Outcome single = run({u"ls"_s, u"busybox:latest"_s, u"/bin/busybox"_s});
    QCOMPARE(single.exitCode, 0);
    QCOMPARE(single.output.count(u'\n'), 1);
    QCOMPARE(run({u"ls"_s, u"busybox:latest"_s}).exitCode, 0);
    QCOMPARE(run({u"ls"_s, u"busybox:latest"_s, u"/nowhere"_s}).exitCode, 1);
}

void CliRunTest::copiesOutOfImages()
{
    const QString script =
        u"mkdir -p /t/sub; printf 'a\\0b' > /t/sub/f; chmod 750 /t/sub/f; ln -s ../x /t/link; mkdir /t/empty"_s;
    QCOMPARE(run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"tree:1"_s, u"--"_s, u"sh"_s, u"-c"_s, script})
                 .exitCode,
             0);
    const QString target = m_home.path(u"out"_s);
    const Outcome tree = run({u"cp"_s, u"tree:1:/t"_s, target});
    QVERIFY2(tree.exitCode == 0, qPrintable(tree.errors));
    QFile file(target + u"/sub/f"_s);
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("a\0b", 3));
    QCOMPARE(file.permissions() & 0x777, QFile::Permissions::fromInt(0x750));
    QCOMPARE(QFileInfo(target + u"/link"_s).readSymLink(), u"../x"_s);
    QVERIFY(QFileInfo(target + u"/empty"_s).isDir());

    QCOMPARE(run({u"cp"_s, u"tree:1:/t/sub/f"_s, target}).exitCode, 0);
    QVERIFY(QFile::exists(target + u"/f"_s));
    QCOMPARE(run({u"cp"_s, u"tree:1:/t/missing"_s, target}).exitCode, 1);
}

void CliRunTest::comparesImages()
{
    QCOMPARE(run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"compared:1"_s, u"--"_s, u"sh"_s, u"-c"_s,
                  u"mkdir /new; echo x > /new/f; rm /bin/vi; echo line >> /etc/passwd"_s})
                 .exitCode,
             0);
    const Outcome text = run({u"diff"_s, u"compared:1"_s, u"busybox:latest"_s});
    QVERIFY2(text.exitCode == 0, qPrintable(text.errors));
    QCOMPARE(text.output, u"D /bin/vi\nC /etc/passwd\nA /new\nA /new/f\n"_s);
    const Outcome json = run(
        {u"diff"_s, u"compared:1"_s, u"busybox:latest"_s, u"--path"_s, u"/new"_s, u"--format"_s, u"json"_s});
    const QJsonObject object = QJsonDocument::fromJson(json.output.toUtf8()).object();
    QCOMPARE(object[u"added"_s].toInt(), 1);
    QCOMPARE(object[u"changes"_s][0][u"path"_s].toString(), u"/new/f"_s);
    const Outcome few = run({u"diff"_s, u"compared:1"_s, u"busybox:latest"_s, u"--limit"_s, u"1"_s});
    QCOMPARE(few.output, u"D /bin/vi\n"_s);
    QVERIFY(!few.errors.isEmpty());
    QCOMPARE(run({u"diff"_s, u"busybox:latest"_s, u"busybox:latest"_s}).output, QString());
    QVERIFY(run({u"diff"_s, u"busybox:latest"_s}).output.contains("A /bin/busybox\n"_L1));
    QCOMPARE(run({u"diff"_s, u"busybox:latest"_s, u"nosuch:1"_s}).exitCode, 1);
    QCOMPARE(run({u"diff"_s, u"busybox:latest"_s, u"--format"_s, u"xml"_s}).exitCode, 2);
}

void CliRunTest::searchesImages()
{
    QCOMPARE(run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"searched:1"_s, u"--"_s, u"sh"_s, u"-c"_s,
                  u"mkdir /s; printf 'one\\nTwo\\nthree\\n' > /s/a.txt; echo two > /s/b.py"_s})
                 .exitCode,
             0);
    const QString image = u"searched:1"_s;
    const Outcome plain = run({u"grep"_s, image, u"two"_s, u"/s"_s});
    QVERIFY2(plain.exitCode == 0, qPrintable(plain.errors));
    QCOMPARE(plain.output, u"/s/b.py:1:two\n"_s);
    QCOMPARE(run({u"grep"_s, image, u"two"_s, u"/s"_s, u"-i"_s, u"-B"_s, u"1"_s, u"-g"_s, u"*.txt"_s}).output,
             u"/s/a.txt-1-one\n/s/a.txt:2:Two\n"_s);
    const Outcome json = run({u"grep"_s, image, u"t.o$"_s, u"s"_s, u"--format"_s, u"json"_s});
    QCOMPARE(QJsonDocument::fromJson(json.output.toUtf8())[u"matches"_s][0][u"path"_s].toString(),
             u"/s/b.py"_s);
    const Outcome none = run({u"grep"_s, image, u"nothing like it"_s});
    QCOMPARE(none.exitCode, 1);
    QCOMPARE(none.output + none.errors, QString());
    const Outcome wrong = run({u"grep"_s, image, u"("_s});
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY(wrong.errors.startsWith("cooperage: "_L1));
}

void CliRunTest::saysWhatIsMissing()
{
    const Outcome outcome = run({u"run"_s, u"nosuch:1"_s, u"--"_s, u"true"_s});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.errors.startsWith("cooperage: "_L1) && outcome.errors.contains("nosuch:1"_L1),
             qPrintable(outcome.errors));
}

void CliRunTest::importsArchives()
{
    const QString tree = m_home.path(u"rootfs"_s);
    QVERIFY(QDir().mkpath(tree + u"/etc"_s));
    QFile file(tree + u"/etc/motd"_s);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("welcome\n");
    file.close();
    const QString archive = m_home.path(u"rootfs.tar"_s);
    QCOMPARE(QProcess::execute(u"tar"_s, {u"-C"_s, tree, u"-cf"_s, archive, u"."_s}), 0);
    const Outcome imported = run({u"import"_s, archive, u"--tag"_s, u"mytree:1"_s});
    QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
    QCOMPARE(run({u"cat"_s, imported.output.trimmed(), u"/etc/motd"_s}).output, u"welcome\n"_s);
    QCOMPARE(run({u"cat"_s, u"mytree:1"_s, u"/etc/motd"_s}).output, u"welcome\n"_s);
    QCOMPARE(run({u"import"_s, u"./missing.tar"_s, u"--tag"_s, u"x"_s}).exitCode, 1);
}

void CliRunTest::listsOperations()
{
    const Outcome outcome = run({u"ps"_s, u"--all"_s});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.output.startsWith("OPERATION"_L1));
    QVERIFY(outcome.output.contains("image_import"_L1));
}

QTEST_GUILESS_MAIN(CliRunTest)
#include "tst_clirun.moc"
