#include "tests/differential/bases.h"
#include "tests/differential/buildcase.h"
#include "tests/differential/imagedifference.h"
#include "tests/support/dockerd.h"

#include <QDateTime>
#include <QTest>

#include <future>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::test;

static const QString program = QStringLiteral(COOPERAGE_BIN_DIR "/cooperage");
static const QString casesFolder = QStringLiteral(COOPERAGE_SOURCE_DIR "/tests/differential/cases");

/// What one side made of a case.
struct Built
{
    QString message{}; ///< Of a build that failed; empty otherwise.
    QString image{};
};

/// Every folder of cases/, built by Docker and by us.
class TestDifferential : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void isTheSame_data();
    void isTheSame();
    void everyDifferenceIsDocumented();

private:
    [[nodiscard]] Built byDocker(const BuildCase &built, const QString &context) const;
    [[nodiscard]] static Built byUs(const BuildCase &built, const QString &context);
    [[nodiscard]] Differences compared(const BuildCase &built);

    PrivateHome m_home;
    Dockerd m_dockerd;
    qint64 m_start = QDateTime::currentSecsSinceEpoch();
};

static Result<QByteArray>
cooperageProgram(const QStringList &arguments,
                 const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return failure(ErrorKind::Failed, u"cooperage crashed or did not end"_s);
    if (process.exitCode() != 0)
        return failure(ErrorKind::Failed, QString::fromUtf8(process.readAllStandardError()));
    return process.readAllStandardOutput().trimmed();
}

void TestDifferential::initTestCase()
{
    qputenv("COOPERAGE_ENGINE", COOPERAGE_BIN_DIR "/cooperage-engine");
    if (!QFile::exists(program) || !QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage and its engine are not built: whole program skipped");
    if (const auto started = m_dockerd.start(); !started)
        QSKIP(qPrintable(u"whole program: "_s + started.error().text()));
    const QList<Base> images = bases();
    if (images.isEmpty())
        QSKIP("there is no static busybox on this machine: whole program skipped");
    for (const Base &base : images) {
        QFile file(m_home.path(u"base.tar"_s));
        QVERIFY(file.open(QFile::WriteOnly) && file.write(base.archive()) > 0);
        file.close();
        const auto loaded = m_dockerd.docker({u"load"_s, u"-i"_s, file.fileName()});
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
        const auto imported = cooperageProgram({u"import"_s, file.fileName(), u"--tag"_s, base.name});
        QVERIFY2(imported, imported ? "" : qPrintable(imported.error().text()));
    }
}

void TestDifferential::cleanupTestCase()
{
    (void)cooperageProgram({u"engine"_s, u"stop"_s});
}

Built TestDifferential::byDocker(const BuildCase &built, const QString &context) const
{
    const QStringList arguments{u"build"_s, u"--no-cache"_s, u"--network=host"_s, u"--progress=plain"_s,
                                u"--tag"_s, built.name()};
    const auto done =
        m_dockerd.docker(arguments + built.arguments() + QStringList{context}, {}, built.environment());
    return done ? Built{{}, built.name()} : Built{done.error().text(), {}};
}

Built TestDifferential::byUs(const BuildCase &built, const QString &context)
{
    const QStringList arguments{u"build"_s, u"--progress=quiet"_s};
    const auto done =
        cooperageProgram(arguments + built.arguments() + QStringList{context}, built.environment());
    return done ? Built{{}, QString::fromUtf8(*done)} : Built{done.error().text(), {}};
}

Differences TestDifferential::compared(const BuildCase &built)
{
    const QTemporaryDir folder(m_home.path(u"case-XXXXXX"_s));
    const QString context = folder.filePath(built.name());
    QDir().mkpath(context);
    if (const QString problem = built.prepare(context); !problem.isEmpty())
        return {{u"preparation"_s, problem}};
    auto docker = std::async(std::launch::async, [&] { return byDocker(built, context); });
    const Built ours = byUs(built, context);
    const Built theirs = docker.get();
    if (!built.words(u"docker"_s).isEmpty()) {
        Differences found;
        if (!theirs.message.contains(built.words(u"docker"_s)))
            found[u"Docker's message"_s] = theirs.message;
        if (!ours.message.contains(built.words(u"cooperage"_s)))
            found[u"our message"_s] = ours.message;
        return found;
    }
    if (!theirs.message.isEmpty() || !ours.message.isEmpty())
        return {
            {theirs.message.isEmpty() ? u"our build"_s : u"Docker's build"_s, theirs.message + ours.message}};
    const QString dockerFile = folder.filePath(u"docker.tar"_s);
    const QString ourFile = folder.filePath(u"cooperage.tar"_s);
    if (const auto saved = m_dockerd.docker({u"save"_s, u"-o"_s, dockerFile, theirs.image}); !saved)
        return {{u"docker save"_s, saved.error().text()}};
    if (const auto saved = cooperageProgram({u"export"_s, ours.image, u"-o"_s, ourFile}); !saved)
        return {{u"cooperage export"_s, saved.error().text()}};
    return differences(ImageFiles::of(dockerFile), ImageFiles::of(ourFile), m_start, built.comparesTimes());
}

static bool covers(const QString &expected, const QString &what)
{
    return expected.endsWith(u'*') ? what.startsWith(expected.chopped(1)) : what == expected;
}

static QStringList caseNames()
{
    return QDir(casesFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

void TestDifferential::isTheSame_data()
{
    QTest::addColumn<QString>("folder");
    bool halves = false;
    const int half = qEnvironmentVariableIntValue("COOPERAGE_TEST_HALF", &halves);
    const QStringList names = caseNames();
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (!halves || i % 2 == half)
            QTest::newRow(qPrintable(names[i])) << casesFolder + u'/' + names[i];
    }
}

void TestDifferential::isTheSame()
{
    QFETCH(QString, folder);
    const BuildCase built(folder);
    Differences found = compared(built);
    QStringList problems;
    for (const QString &expected : built.expectedDifferences().keys()) {
        const auto covered = [&](const auto &one) { return covers(expected, one.key()); };
        if (found.removeIf(covered) == 0)
            problems << u"expected but not there: "_s + expected;
    }
    for (auto it = found.cbegin(); it != found.cend(); ++it)
        problems << it.key() + u": "_s + it.value();
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

// The document's table is that of the cases: a row for each expected difference, with its reason.
void TestDifferential::everyDifferenceIsDocumented()
{
    QFile document(QStringLiteral(COOPERAGE_SOURCE_DIR "/docs/differences-from-docker.md"));
    QVERIFY(document.open(QFile::ReadOnly));
    QStringList is;
    for (const QString &line : QString::fromUtf8(document.readAll()).split(u'\n')) {
        if (line.startsWith("| `"_L1))
            is << line;
    }
    QStringList expected;
    for (const QString &name : caseNames()) {
        const auto differences = BuildCase(casesFolder + u'/' + name).expectedDifferences();
        for (auto it = differences.cbegin(); it != differences.cend(); ++it)
            expected << u"| `%1` | %2 | %3 |"_s.arg(name, it.key(), it.value());
    }
    QCOMPARE(is.join(u'\n'), expected.join(u'\n'));
}

QTEST_GUILESS_MAIN(TestDifferential)
#include "tst_differential.moc"
