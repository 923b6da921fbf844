#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// `cooperage export` with the real engine, which brings the image busybox:latest.
class CliExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { (void)run({u"engine"_s, u"stop"_s}); }

    void nameDecidesTheFormat_data();
    void nameDecidesTheFormat();
    void writesAFolder();
    void writesToStandardOutput();
    void takesTheEpochFromTheEnvironment();
    void failureLeavesTheOldFile();
    void interruptLeavesNothing_data();
    void interruptLeavesNothing();
    void refusesWrongUse_data();
    void refusesWrongUse();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_home.path(u"out/"_s + name); }
    [[nodiscard]] static Outcome exported(const QStringList &arguments)
    {
        return run(QStringList{u"export"_s, u"busybox:latest"_s} + arguments);
    }
    [[nodiscard]] static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Whether its output is open: a file without a name yet, or a hidden folder.
    [[nodiscard]] bool isWriting(const QProcess &process) const
    {
        const QDir open(u"/proc/%1/fd"_s.arg(process.processId()));
        const QFileInfoList files =
            open.entryInfoList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
        return !everything().isEmpty() || std::ranges::any_of(files, [this](const QFileInfo &file) {
            return file.symLinkTarget().startsWith(path({}));
        });
    }
    [[nodiscard]] QStringList everything() const
    {
        return QDir(path({})).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    PrivateHome m_home;
};

void CliExportTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
    const Outcome started = run({u"engine"_s, u"start"_s});
    QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
    QVERIFY(QDir().mkpath(path({})));
}

void CliExportTest::nameDecidesTheFormat_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("holds");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("docker") << u"a.tar"_s << QByteArray("RepoTags") << QByteArray("manifest.json");
    QTest::newRow("gzip") << u"a.tar.gz"_s << QByteArray() << QByteArray("\x1f\x8b");
    QTest::newRow("zstd") << u"a.tar.zst"_s << QByteArray() << QByteArray("\x28\xb5\x2f\xfd");
    QTest::newRow("xz") << u"a.tar.xz"_s << QByteArray()
                        << QByteArray("\xfd"
                                      "7zXZ");
}

void CliExportTest::nameDecidesTheFormat()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, holds);
    QFETCH(QByteArray, begin);
    const Outcome done = exported({u"-o"_s, path(name)});
    QVERIFY2(done.exitCode == 0, qPrintable(done.errors));
    QVERIFY(content(path(name)).startsWith(begin));
    QVERIFY(content(path(name)).contains(holds));
    const Outcome imported = run({u"import"_s, path(name), u"--tag"_s, u"again:1"_s});
    QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
    const Outcome ran = run({u"run"_s, u"again:1"_s, u"--"_s, u"echo"_s, u"works"_s});
    QVERIFY2(ran.exitCode == 0 || ran.errors.contains(u"runtime"_s), qPrintable(ran.errors));
    QVERIFY(QFile::remove(path(name)));
    QCOMPARE(everything(), QStringList());
}

void CliExportTest::writesAFolder()
{
    const QString folder = path(u"layout/"_s);
    const Outcome done = exported({u"-o"_s, folder, u"--name"_s, u"team/app:3"_s});
    QVERIFY2(done.exitCode == 0, qPrintable(done.errors));
    QVERIFY(content(folder + u"index.json"_s).contains("docker.io/team/app:3"));
    QCOMPARE(QDir(folder + u"blobs/sha256"_s).entryList(QDir::Files).size(), 3);
    const Outcome imported = run({u"import"_s, folder, u"--tag"_s, u"again:2"_s});
    QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
    const Outcome twice = exported({u"-o"_s, folder});
    QCOMPARE(twice.exitCode, 1);
    QVERIFY(QDir(folder).removeRecursively());
    QCOMPARE(everything(), QStringList());
}

void CliExportTest::writesToStandardOutput()
{
    const Outcome first = exported({u"-o"_s, u"-"_s});
    QVERIFY2(first.exitCode == 0, qPrintable(first.errors));
    QVERIFY(first.output.startsWith(u"manifest.json"_s));
}

void CliExportTest::takesTheEpochFromTheEnvironment()
{
    const Outcome made =
        run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"new:1"_s, u"--"_s, u"touch"_s, u"/x"_s});
    if (made.exitCode != 0)
        QSKIP(qPrintable(made.errors));
    qputenv("SOURCE_DATE_EPOCH", "1000000000");
    const Outcome done =
        run({u"export"_s, u"new:1"_s, u"-o"_s, path(u"epoch.tar"_s), u"--format"_s, u"rootfs"_s});
    qputenv("SOURCE_DATE_EPOCH", "soon");
    const Outcome wrong = exported({u"-o"_s, path(u"wrong.tar"_s)});
    qunsetenv("SOURCE_DATE_EPOCH");
    QVERIFY2(done.exitCode == 0, qPrintable(done.errors));
    QProcess tar;
    tar.start(u"tar"_s, {u"--utc"_s, u"--full-time"_s, u"-tvf"_s, path(u"epoch.tar"_s), u"x"_s});
    QVERIFY(tar.waitForFinished());
    QVERIFY(tar.readAllStandardOutput().endsWith("2001-09-09 01:46:40 x\n"));
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY(QFile::remove(path(u"epoch.tar"_s)));
    QCOMPARE(everything(), QStringList());
}

void CliExportTest::failureLeavesTheOldFile()
{
    QFile old(path(u"old.tar"_s));
    QVERIFY(old.open(QFile::WriteOnly) && old.write("old") == 3);
    old.close();
    const Outcome failed = run({u"export"_s, u"no-such-image"_s, u"-o"_s, old.fileName()});
    QCOMPARE(failed.exitCode, 1);
    const Outcome refused = exported({u"-o"_s, old.fileName(), u"--compression"_s, u"gzip"_s});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains(u"none"_s), qPrintable(refused.errors));
    QCOMPARE(content(old.fileName()), "old");
    QVERIFY(old.remove());
    QCOMPARE(everything(), QStringList());
}

void CliExportTest::interruptLeavesNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl-C, file") << u"cut.tar"_s << SIGINT;
    QTest::newRow("Ctrl-C, folder") << u"cut/"_s << SIGINT;
    QTest::newRow("kill, file") << u"cut.tar"_s << SIGKILL;
}

void CliExportTest::interruptLeavesNothing()
{
    QFETCH(QString, name);
    QFETCH(int, signal);
    // Much to compress or to hash keeps it busy until the signal comes.
    if (!run({u"images"_s}).output.contains(u"big:1"_s)) {
        const Outcome made = run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"big:1"_s, u"--"_s, u"dd"_s,
                                  u"if=/dev/urandom"_s, u"of=/big"_s, u"bs=1M"_s, u"count=200"_s});
        if (made.exitCode != 0)
            QSKIP(qPrintable(made.errors));
    }
    QProcess process;
    process.start(program, {u"export"_s, u"big:1"_s, u"-o"_s, path(name)});
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY(isWriting(process));
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QVERIFY(process.waitForFinished(20'000));
    QVERIFY(process.exitStatus() == QProcess::CrashExit || process.exitCode() != 0);
    QCOMPARE(everything(), QStringList());
}

void CliExportTest::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("part");
    QTest::newRow("no output") << QStringList{} << u"-o"_s;
    QTest::newRow("no format") << QStringList{u"-o"_s, u"image"_s} << u"--format"_s;
    QTest::newRow("docker as a folder")
        << QStringList{u"-o"_s, u"x/"_s, u"--format"_s, u"docker"_s} << u"folder"_s;
    QTest::newRow("compressed docker-archive")
        << QStringList{u"-o"_s, u"x.tar.gz"_s, u"--format"_s, u"docker"_s} << u"rootfs"_s;
}

void CliExportTest::refusesWrongUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, part);
    const Outcome refused = exported(arguments);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains(part), qPrintable(refused.errors));
}

QTEST_GUILESS_MAIN(CliExportTest)
#include "tst_cliexport.moc"
