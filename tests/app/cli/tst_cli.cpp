#include "app/cli/table.h"
#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// The real program against the real engine, which brings the image busybox:latest.
class CliTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void alignsTables();
    void explainsItself();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void listsImages();
    void tagsAndUntags();
    void speaksOverTcpWithAToken();
    void startsTwiceAtOnce();

private:
    PrivateHome m_home;
};

void CliTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
    const Outcome started = run({u"engine"_s, u"start"_s});
    QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
}

void CliTest::cleanupTestCase()
{
    const Outcome stopped = run({u"engine"_s, u"stop"_s});
    QVERIFY2(stopped.exitCode == 0, qPrintable(stopped.errors));
    const Outcome status = run({u"engine"_s, u"status"_s});
    QCOMPARE(status.exitCode, 1);
    QCOMPARE(status.output, u"not running\n"_s);
}

void CliTest::alignsTables()
{
    QCOMPARE(cli::tableText({{u"A"_s, u"N"_s}, {u"long"_s, u"1"_s}, {u"x\x1b[2J"_s, u"22"_s}}, {1}),
             u"A       N\nlong    1\nx?[2J  22"_s);
}

void CliTest::explainsItself()
{
    const Outcome help = run({u"--help"_s});
    QCOMPARE(help.exitCode, 0);
    for (const QString &verb :
         {u"build"_s, u"check"_s, u"images"_s, u"tag"_s, u"import"_s, u"run"_s, u"ls"_s, u"cat"_s, u"cp"_s,
          u"find"_s, u"waste"_s, u"ps"_s, u"show"_s, u"kill"_s, u"session"_s, u"engine"_s}) {
        QVERIFY2(help.output.contains(u"\n  "_s + verb + u' '), qPrintable(verb));
        const Outcome verbHelp = run({verb, u"--help"_s});
        QCOMPARE(verbHelp.exitCode, 0);
        QVERIFY2(verbHelp.output.startsWith(u"Usage: cooperage "_s + verb), qPrintable(verbHelp.output));
        QVERIFY(verbHelp.output.contains(u"Examples:\n  cooperage "_s + verb));
    }
    const Outcome version = run({u"--version"_s});
    QCOMPARE(version.exitCode, 0);
    QVERIFY(version.output.startsWith(u"cooperage "_s));
}

void CliTest::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown option") << QStringList{u"images"_s, u"--nonsense"_s};
    QTest::newRow("missing argument") << QStringList{u"tag"_s, u"a"_s};
    QTest::newRow("too many") << QStringList{u"cat"_s, u"a"_s, u"b"_s, u"c"_s};
    QTest::newRow("no such format") << QStringList{u"images"_s, u"--format"_s, u"xml"_s};
    QTest::newRow("no number") << QStringList{u"run"_s, u"--timeout"_s, u"soon"_s, u"a"_s, u"b"_s};
    QTest::newRow("no variable") << QStringList{u"run"_s, u"--env"_s, u"=x"_s, u"a"_s, u"b"_s};
    QTest::newRow("cp without image") << QStringList{u"cp"_s, u"/etc/passwd"_s, u"."_s};
    QTest::newRow("password without name") << QStringList{u"import"_s, u"x"_s, u"--password-stdin"_s};
    QTest::newRow("engine verb") << QStringList{u"engine"_s, u"explode"_s};
    QTest::newRow("listen without token")
        << QStringList{u"engine"_s, u"serve"_s, u"--listen"_s, u"127.0.0.1:1"_s};
}

void CliTest::refusesWrongUse()
{
    QFETCH(const QStringList, arguments);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.output.isEmpty());
    QCOMPARE(outcome.errors.count(u'\n'), 1);
    QVERIFY2(outcome.errors.startsWith(u"cooperage %1: "_s.arg(arguments.first())),
             qPrintable(outcome.errors));
    QVERIFY(outcome.errors.contains("--help"_L1));
}

void CliTest::listsImages()
{
    const Outcome table = run({u"images"_s});
    QVERIFY2(table.exitCode == 0, qPrintable(table.errors));
    QVERIFY(table.output.startsWith("IMAGE"_L1));
    QVERIFY(table.output.contains("busybox:latest"_L1));

    const Outcome json = run({u"images"_s, u"--prefix"_s, u"busy"_s, u"--format"_s, u"json"_s});
    const QJsonArray array = QJsonDocument::fromJson(json.output.toUtf8()).array();
    QCOMPARE(array.size(), 1);
    QCOMPARE(array[0]["tag"_L1].toString(), u"busybox:latest"_s);

    const Outcome quiet = run({u"images"_s, u"--prefix"_s, u"busy"_s, u"-q"_s});
    QCOMPARE(quiet.output.trimmed(), array[0]["image"_L1].toString());
    QCOMPARE(run({u"images"_s, u"--prefix"_s, u"none"_s, u"-q"_s}).output, QString());
}

void CliTest::tagsAndUntags()
{
    const Outcome tagged = run({u"tag"_s, u"busybox:latest"_s, u"mine:1"_s});
    QVERIFY2(tagged.exitCode == 0, qPrintable(tagged.errors));
    QCOMPARE(run({u"images"_s, u"--prefix"_s, u"mine"_s, u"-q"_s}).output, tagged.output);
    QCOMPARE(run({u"tag"_s, u"-d"_s, u"mine:1"_s, u"mine:1"_s}).exitCode, 0);
    QCOMPARE(run({u"images"_s, u"--prefix"_s, u"mine"_s, u"-q"_s}).output, QString());
    const Outcome bad = run({u"tag"_s, u"busybox:latest"_s, u"not a tag"_s});
    QCOMPARE(bad.exitCode, 1);
}

void CliTest::speaksOverTcpWithAToken()
{
    QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0);
    QFile token(m_home.path(u"token"_s));
    QVERIFY(token.open(QFile::WriteOnly));
    token.write("a-long-random-word\n");
    token.close();
    const quint16 port = freePort();
    ServiceProcess served;
    const auto started = served.start(program,
                                      {u"engine"_s, u"serve"_s, u"--listen"_s, u"127.0.0.1:%1"_s.arg(port),
                                       u"--token-file"_s, token.fileName()},
                                      [port] { return accepts(port); });
    QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    qputenv("COOPERAGE_URL", "http://127.0.0.1:" + QByteArray::number(port));
    const Outcome denied = run({u"images"_s});
    qputenv("COOPERAGE_TOKEN", "a-long-random-word");
    const Outcome allowed = run({u"images"_s});
    qunsetenv("COOPERAGE_URL");
    qunsetenv("COOPERAGE_TOKEN");
    QCOMPARE(denied.exitCode, 1);
    QVERIFY2(allowed.exitCode == 0, qPrintable(allowed.errors));
    QVERIFY(allowed.output.contains("busybox:latest"_L1));
    QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0);
}

void CliTest::startsTwiceAtOnce()
{
    QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0);
    QProcess first;
    QProcess second;
    first.start(program, {u"images"_s, u"-q"_s});
    second.start(program, {u"images"_s, u"-q"_s});
    const Outcome one = finish(first);
    const Outcome two = finish(second);
    QVERIFY2(one.exitCode == 0, qPrintable(one.errors));
    QVERIFY2(two.exitCode == 0, qPrintable(two.errors));
    QCOMPARE(one.output, two.output);
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
