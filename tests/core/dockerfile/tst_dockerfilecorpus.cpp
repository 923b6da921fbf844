#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/// Runs the corpus runner, which is a program of its own so that it can be given other folders of cases.
class TestDockerfileCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allCasesPass_data();
    void allCasesPass();
    void failingCasesAreShownAndCounted();
    void unexpectedLinesAreShown();
    void someKindsOfCasesAreEnough();
    void missingInputIsAnError_data();
    void missingInputIsAnError();

private:
    struct Outcome
    {
        int exitCode = -1;
        QString output;
    };
    static Outcome runCorpus(const QStringList &arguments);
    static void writeFile(const QString &path, const QByteArray &bytes);
};

TestDockerfileCorpus::Outcome TestDockerfileCorpus::runCorpus(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-corpus"), arguments);
    if (!process.waitForFinished(60'000))
        return {-1, process.errorString()};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput())};
}

void TestDockerfileCorpus::writeFile(const QString &path, const QByteArray &bytes)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void TestDockerfileCorpus::allCasesPass_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("path");
    QTest::addRow("dockerfiles") << u"dockerfiles"_s << u"dockerfiles"_s;
    QTest::addRow("expansion") << u"expansion"_s << u"expansion"_s;
}

void TestDockerfileCorpus::allCasesPass()
{
    QFETCH(QString, kind);
    QFETCH(QString, path);
    const QString folder = QStringLiteral(COOPERAGE_SOURCE_DIR "/../shared/corpus/") + path;
    if (!QFileInfo::exists(folder))
        QSKIP("the corpus is not on this machine (../shared/corpus beside the checkout)");
    const Outcome outcome = runCorpus({kind, folder});
    QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.output));
    QVERIFY(outcome.output.endsWith(u" passed, 0 failed\n"));
}

void TestDockerfileCorpus::failingCasesAreShownAndCounted()
{
    const QTemporaryDir dir;
    writeFile(dir.filePath(u"testfiles/good/Dockerfile"_s), "FROM a\n");
    writeFile(dir.filePath(u"testfiles/good/result"_s), "(from \"a\")\n");
    writeFile(dir.filePath(u"testfiles/wrong/Dockerfile"_s), "FROM a\n");
    writeFile(dir.filePath(u"testfiles/wrong/result"_s), "(from \"b\")\n");
    writeFile(dir.filePath(u"testfiles-negative/fine/Dockerfile"_s), "FROM c\n");
    const Outcome outcome = runCorpus({u"dockerfiles"_s, dir.path()});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY(outcome.output.contains(u"testfiles/wrong"_s));
    QVERIFY(outcome.output.contains(u"(from \"b\")"_s));
    QVERIFY(outcome.output.contains(u"testfiles-negative/fine"_s));
    QVERIFY(outcome.output.endsWith(u"\n1 passed, 2 failed\n"_s));
}

void TestDockerfileCorpus::unexpectedLinesAreShown()
{
    const QTemporaryDir dir;
    writeFile(dir.filePath(u"testfile-line/Dockerfile"_s), "\nFROM a\nRUN b \\\n\n  c\n");
    writeFile(dir.filePath(u"README.md"_s), "Whole tree: first line 2, last line 5.\n"
                                            "Instructions: 2-2, 3-5. One warning, at line 5.\n");
    QCOMPARE(runCorpus({u"dockerfiles"_s, dir.path()}).output, u"1 passed, 0 failed\n"_s);
    writeFile(dir.filePath(u"testfile-line/lines"_s), "Instructions: 2-2, 3-4.\n");
    const Outcome outcome = runCorpus({u"dockerfiles"_s, dir.path()});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY(outcome.output.contains(u"instructions: 2-2, 3-5"_s));
}

void TestDockerfileCorpus::someKindsOfCasesAreEnough()
{
    const QTemporaryDir dir;
    writeFile(dir.filePath(u"wordsTest"_s), "ENV a=b  c\n# comment\n$a d | b,c,d\n'x | error\n");
    QCOMPARE(runCorpus({u"expansion"_s, dir.path()}).output, u"2 passed, 0 failed\n"_s);
}

void TestDockerfileCorpus::missingInputIsAnError_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addRow("nothing") << QStringList();
    QTest::addRow("no path") << QStringList{u"dockerfiles"_s};
    QTest::addRow("unknown kind") << QStringList{u"images"_s, u"."_s};
    QTest::addRow("no folder") << QStringList{u"dockerfiles"_s, u"/nonexistent"_s};
    QTest::addRow("no cases") << QStringList{u"expansion"_s, u"/nonexistent"_s};
    QTest::addRow("no file") << QStringList{u"dockerignore"_s, u"/nonexistent"_s};
}

void TestDockerfileCorpus::missingInputIsAnError()
{
    QFETCH(QStringList, arguments);
    QCOMPARE(runCorpus(arguments).exitCode, 2);
}

QTEST_GUILESS_MAIN(TestDockerfileCorpus)
#include "tst_dockerfilecorpus.moc"
