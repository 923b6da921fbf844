#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Outcome;
using test::run;

/// `cooperage check` as the whole program. It needs no engine.
class CliCheckTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void saysWhereAndWhat();
    void endsWithOneForErrorsOnly();
    void jsonHasPlacesAndFixes();
    void sarifHasRulesResultsAndFixes();
    void looksIntoTheContext();
    void checksTheTargetsStages();
    void saysWhatToDoNext_data();
    void saysWhatToDoNext();

private:
    void write(const QString &name, const QByteArray &text) const;
    [[nodiscard]] Outcome check(QStringList arguments) const
    {
        return run(QStringList{u"check"_s, m_folder.path()} + arguments);
    }

    test::PrivateHome m_home;
    QTemporaryDir m_folder;
};

void CliCheckTest::initTestCase()
{
    if (!test::findPrograms())
        QSKIP("needs the whole program");
}

void CliCheckTest::write(const QString &name, const QByteArray &text) const
{
    QFile file(m_folder.filePath(name));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(text);
}

void CliCheckTest::saysWhereAndWhat()
{
    write(u"Dockerfile"_s, "FROM scratch\n\tLABEL a=1 \\\n  b=$NOTHING\n");
    const Outcome outcome = check({});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains(m_folder.filePath(u"Dockerfile"_s) +
                                     u":3:5: warning: Usage of undefined variable '$NOTHING' [UndefinedVar]\n"
                                     u"     3 |   b=$NOTHING\n       |     ^^^^^^^^\n"_s),
             qPrintable(outcome.output));
    QVERIFY(outcome.output.contains("https://docs.docker.com/go/dockerfile/rule/undefined-var/"_L1));
    QVERIFY(outcome.output.endsWith("errors: 0, warnings: 1, notes: 0\n"_L1));
}

void CliCheckTest::endsWithOneForErrorsOnly()
{
    write(u"Dockerfile"_s, "FROM scratch\nLABEL a=1\n");
    QCOMPARE(check({}).exitCode, 0);
    QVERIFY(check({}).output.contains("nothing to complain about"_L1));
    write(u"Dockerfile"_s, "FROM scratch\nLABELL a=1\n");
    QCOMPARE(check({}).exitCode, 1);
    write(u"Dockerfile"_s, "# check=error=true\nFROM scratch\nLABEL a 1\n");
    const Outcome fatal = check({});
    QCOMPARE(fatal.exitCode, 1);
    QVERIFY2(fatal.errors.contains("lint violation found for rules: LegacyKeyValueFormat"_L1),
             qPrintable(fatal.errors));
    QCOMPARE(check({u"--build-arg"_s, u"BUILDKIT_DOCKERFILE_CHECK=error=false"_s}).exitCode, 0);
}

void CliCheckTest::jsonHasPlacesAndFixes()
{
    write(u"Dockerfile"_s, "FROM scratch AS Base\n");
    const QJsonObject report =
        QJsonDocument::fromJson(check({u"--format"_s, u"json"_s}).output.toUtf8()).object();
    const QJsonObject finding = report[u"findings"_s].toArray().at(0).toObject();
    QCOMPARE(finding[u"rule"_s].toString(), u"StageNameCasing"_s);
    const QJsonObject place{
        {u"startLine"_s, 1}, {u"startColumn"_s, 17}, {u"endLine"_s, 1}, {u"endColumn"_s, 21}};
    QCOMPARE(finding[u"place"_s].toObject(), place);
    const QJsonObject edit = finding[u"fixes"_s].toArray().at(0)[u"edits"_s].toArray().at(0).toObject();
    QCOMPARE(edit[u"text"_s].toString(), u"base"_s);
    QCOMPARE(edit[u"startColumn"_s].toInt(), 17);
}

void CliCheckTest::sarifHasRulesResultsAndFixes()
{
    write(u"Dockerfile"_s, "FROM scratch AS Base\nFOO\n");
    const Outcome outcome = check({u"--format"_s, u"sarif"_s});
    QCOMPARE(outcome.exitCode, 1);
    const QJsonObject log = QJsonDocument::fromJson(outcome.output.toUtf8()).object();
    QCOMPARE(log[u"version"_s].toString(), u"2.1.0"_s);
    const QJsonObject run = log[u"runs"_s].toArray().at(0).toObject();
    const QJsonArray rules = run[u"tool"_s][u"driver"_s][u"rules"_s].toArray();
    const QJsonArray results = run[u"results"_s].toArray();
    QCOMPARE(results.size(), 2);
    for (const QJsonValue result : results) {
        QCOMPARE(rules.at(result[u"ruleIndex"_s].toInt())[u"id"_s], result[u"ruleId"_s]);
        QVERIFY(!result[u"message"_s][u"text"_s].toString().isEmpty());
    }
    const QJsonValue first = results.at(0);
    QCOMPARE(first[u"level"_s].toString(), u"warning"_s);
    const QJsonValue change = first[u"fixes"_s].toArray().at(0)[u"artifactChanges"_s].toArray().at(0);
    const QJsonValue edit = change[u"replacements"_s].toArray().at(0);
    QCOMPARE(edit[u"insertedContent"_s][u"text"_s].toString(), u"base"_s);
    QCOMPARE(edit[u"deletedRegion"_s][u"startColumn"_s].toInt(), 17);
    QCOMPARE(results.at(1)[u"level"_s].toString(), u"error"_s);
}

void CliCheckTest::looksIntoTheContext()
{
    write(u"Dockerfile"_s, "FROM scratch\nCOPY mian.py /\nCOPY a.log /\n");
    write(u"main.py"_s, "");
    write(u"a.log"_s, "");
    write(u".dockerignore"_s, "# logs\n*.log\n");
    const Outcome outcome = check({});
    QFile::remove(m_folder.filePath(u".dockerignore"_s));
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.output.contains("\"mian.py\" is not in the build context (did you mean main.py?)"_L1),
             qPrintable(outcome.output));
    QVERIFY2(outcome.output.contains(".dockerignore, line 2: *.log"_L1), qPrintable(outcome.output));
}

void CliCheckTest::checksTheTargetsStages()
{
    write(u"Other"_s, "FROM scratch AS one\nCMD [\"a\"]\nFROM scratch AS two\nWORKDIR x\n");
    const QString file = m_folder.filePath(u"Other"_s);
    QVERIFY(check({u"-f"_s, file}).output.contains("WorkdirRelativePath"_L1));
    QVERIFY(!check({u"-f"_s, file, u"--target"_s, u"one"_s}).output.contains("WorkdirRelativePath"_L1));
    QVERIFY(run({u"check"_s, file}).output.contains("WorkdirRelativePath"_L1));
}

void CliCheckTest::saysWhatToDoNext_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("text");
    QTest::newRow("format") << QStringList{u"check"_s, u"--format"_s, u"xml"_s} << 2
                            << u"text, json or sarif"_s;
    QTest::newRow("no folder") << QStringList{u"check"_s, u"/nowhere"_s} << 1 << u"Name the folder"_s;
    QTest::newRow("no file") << QStringList{u"check"_s, QDir::tempPath(), u"-f"_s, u"/nowhere"_s} << 1
                             << u"--file"_s;
    QTest::newRow("no stage") << QStringList{u"check"_s, m_folder.path(), u"--target"_s, u"x"_s} << 1
                              << u"target stage \"x\" could not be found"_s;
    QTest::newRow("argument") << QStringList{u"check"_s, u"--build-arg"_s, u"=x"_s} << 2 << u"NAME=VALUE"_s;
}

void CliCheckTest::saysWhatToDoNext()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, text);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.exitCode, exitCode);
    QVERIFY2(outcome.errors.contains(text), qPrintable(outcome.errors));
}

QTEST_GUILESS_MAIN(CliCheckTest)
#include "tst_clicheck.moc"
