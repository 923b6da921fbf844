#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// `cooperage find` and `cooperage waste` with the real engine, which brings the image busybox:latest.
class CliSearchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void findsFilesByName();
    void tellsWhatLayersHide();

private:
    PrivateHome m_home;
};

void CliSearchTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
    const Outcome started = run({u"engine"_s, u"start"_s});
    QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
}

void CliSearchTest::cleanupTestCase()
{
    QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0);
}

void CliSearchTest::findsFilesByName()
{
    QCOMPARE(run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"found:1"_s, u"--"_s, u"sh"_s, u"-c"_s,
                  u"mkdir -p /s/in; echo 1 > /s/Read.me; echo 22 > /s/in/read.txt"_s})
                 .exitCode,
             0);
    const QString image = u"found:1"_s;
    const Outcome part = run({u"find"_s, image, u"read"_s, u"/s"_s});
    QVERIFY2(part.exitCode == 0, qPrintable(part.errors));
    QCOMPARE(part.output, u"/s/Read.me\n/s/in/read.txt\n"_s);
    QCOMPARE(run({u"find"_s, image, u"READ*"_s, u"s/in"_s}).output, u"/s/in/read.txt\n"_s);
    QCOMPARE(run({u"find"_s, image, u"read"_s, u"/s"_s, u"-s"_s}).output, u"/s/in/read.txt\n"_s);
    const Outcome json = run({u"find"_s, image, u"/s/in/*"_s, u"--format"_s, u"json"_s});
    const QJsonObject object = QJsonDocument::fromJson(json.output.toUtf8()).object();
    QCOMPARE(object[u"files"_s][0].toObject(),
             (QJsonObject{{u"path"_s, u"/s/in/read.txt"_s}, {u"size"_s, 3}, {u"mode"_s, 0100644}}));
    QCOMPARE(object[u"truncated"_s], QJsonValue(false));
    const Outcome few = run({u"find"_s, image, u"read"_s, u"/s"_s, u"--limit"_s, u"1"_s});
    QCOMPARE(few.output, u"/s/Read.me\n"_s);
    QVERIFY(few.errors.contains("--limit"_L1));
    const Outcome none = run({u"find"_s, image, u"nothing like it"_s});
    QCOMPARE(none.exitCode, 1);
    QCOMPARE(none.output + none.errors, QString());
    QVERIFY(run({u"find"_s, image, u"[a"_s}).errors.startsWith("cooperage: "_L1));
    QCOMPARE(run({u"find"_s, image}).exitCode, 2);
    QCOMPARE(run({u"find"_s, image, u"a"_s, u"--limit"_s, u"0"_s}).exitCode, 2);
}

void CliSearchTest::tellsWhatLayersHide()
{
    QCOMPARE(run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"wasted:1"_s, u"--"_s, u"sh"_s, u"-c"_s,
                  u"echo 1 > /one; dd if=/dev/zero of=/big bs=1k count=64"_s})
                 .exitCode,
             0);
    const Outcome nothing = run({u"waste"_s, u"wasted:1"_s});
    QVERIFY2(nothing.exitCode == 0, qPrintable(nothing.errors));
    QVERIFY2(nothing.output.startsWith("0 "_L1), qPrintable(nothing.output));
    QCOMPARE(run({u"run"_s, u"wasted:1"_s, u"--tag"_s, u"wasted:2"_s, u"--"_s, u"sh"_s, u"-c"_s,
                  u"rm /big; echo 2 > /one"_s})
                 .exitCode,
             0);
    const Outcome table = run({u"waste"_s, u"wasted:2"_s});
    const QStringList lines = table.output.split(u'\n');
    QCOMPARE(lines.size(), 6);
    QVERIFY(lines[1].contains(" 2        3  removed   /big"_L1));
    QVERIFY(lines[2].contains(" 2        3  replaced  /one"_L1));
    QVERIFY(lines[4].startsWith("2 "_L1));
    const Outcome json = run({u"waste"_s, u"wasted:2"_s, u"--limit"_s, u"1"_s, u"--format"_s, u"json"_s});
    const QJsonObject object = QJsonDocument::fromJson(json.output.toUtf8()).object();
    QCOMPARE(object[u"count"_s].toInt(), 2);
    QCOMPARE(object[u"bytes"_s].toInt(), 65'536 + 4096);
    QCOMPARE(object[u"files"_s][0].toObject(), (QJsonObject{{u"path"_s, u"/big"_s},
                                                            {u"size"_s, 65'536},
                                                            {u"layer"_s, 2},
                                                            {u"hidden_by"_s, 3},
                                                            {u"removed"_s, true}}));
    QVERIFY(json.errors.contains("--limit"_L1));
    QCOMPARE(run({u"waste"_s, u"nosuch:1"_s}).exitCode, 1);
    QCOMPARE(run({u"waste"_s, u"wasted:2"_s, u"--format"_s, u"xml"_s}).exitCode, 2);
}

QTEST_GUILESS_MAIN(CliSearchTest)
#include "tst_clisearch.moc"
