#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

/// `cooperage engine df`, `engine gc` and `rmi` against the real engine.
class CliStorageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!findPrograms())
            QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
        const Outcome started = run({u"engine"_s, u"start"_s});
        QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
    }
    void cleanupTestCase() { QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0); }

    void showsWhatTakesSpace();
    void nobodyToAskIsAWrongUse();
    void collectsWhatIsShown();
    void wrongWordsAreExplained_data();
    void wrongWordsAreExplained();
    void removesImages();

private:
    // A new image above busybox; its uuid.
    static QString make()
    {
        const Outcome made =
            run({u"run"_s, u"busybox:latest"_s, u"--tag"_s, u"made:1"_s, u"--"_s, u"touch"_s, u"/made"_s});
        const QString image = made.errors.trimmed().section(u' ', -1).section(u'\n', -1);
        return run({u"tag"_s, u"-d"_s, image, u"made:1"_s}).exitCode == 0 ? image : QString();
    }
    static QJsonObject use()
    {
        return QJsonDocument::fromJson(run({u"engine"_s, u"df"_s, u"--format"_s, u"json"_s}).output.toUtf8())
            .object();
    }

    PrivateHome m_home;
};

void CliStorageTest::showsWhatTakesSpace()
{
    const Outcome table = run({u"engine"_s, u"df"_s});
    QCOMPARE(table.exitCode, 0);
    QVERIFY2(table.output.contains(u"busybox:latest"_s), qPrintable(table.output));
    QVERIFY(table.output.contains(u"UNIQUE"_s));
    const QJsonObject json = use();
    QCOMPARE(json.value(u"images"_s).toArray().size(), 1);
    const QJsonObject busybox = json.value(u"images"_s).toArray()[0].toObject();
    QVERIFY(busybox.value(u"unique"_s).toInteger() > 0);
    QCOMPARE(busybox.value(u"tags"_s).toArray(), QJsonArray{u"busybox:latest"_s});
}

void CliStorageTest::nobodyToAskIsAWrongUse()
{
    const QString image = make();
    QVERIFY(!image.isEmpty());
    const Outcome asked = run({u"engine"_s, u"gc"_s, u"--untagged"_s, u"--older-than"_s, u"0s"_s});
    QCOMPARE(asked.exitCode, 2);
    QVERIFY2(asked.output.contains(image), qPrintable(asked.output));
    QVERIFY(asked.errors.contains(u"--yes"_s));
    QVERIFY(run({u"images"_s, u"-a"_s}).output.contains(image));
}

void CliStorageTest::collectsWhatIsShown()
{
    const QString image = make();
    QVERIFY(!image.isEmpty());
    const QStringList words{u"engine"_s, u"gc"_s, u"--untagged"_s, u"--older-than"_s, u"0"_s};
    const Outcome shown = run(words + QStringList{u"--dry-run"_s});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(shown.output.contains(image));
    const Outcome kept = run({u"engine"_s, u"gc"_s, u"--untagged"_s, u"--yes"_s});
    QCOMPARE(kept.exitCode, 0);
    QVERIFY2(!kept.output.contains(image), "an image of this day stays unless --older-than says so");
    const Outcome done = run(words + QStringList{u"--yes"_s});
    QCOMPARE(done.exitCode, 0);
    QVERIFY(!run({u"images"_s, u"-a"_s}).output.contains(image));
    QVERIFY(run({u"images"_s}).output.contains(u"busybox:latest"_s));
    QCOMPARE(use().value(u"layers"_s).toObject().value(u"count"_s).toInt(), 1);
}

void CliStorageTest::wrongWordsAreExplained_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("format") << QStringList{u"engine"_s, u"df"_s, u"--format"_s, u"xml"_s};
    QTest::newRow("age") << QStringList{u"engine"_s, u"gc"_s, u"--older-than"_s, u"soon"_s};
    QTest::newRow("option") << QStringList{u"engine"_s, u"gc"_s, u"--all"_s};
    QTest::newRow("nothing to remove") << QStringList{u"rmi"_s};
}

void CliStorageTest::wrongWordsAreExplained()
{
    QFETCH(const QStringList, words);
    const Outcome outcome = run(words);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.errors.contains(u"--help"_s));
}

void CliStorageTest::removesImages()
{
    const QString image = make();
    QVERIFY(!image.isEmpty());
    QCOMPARE(run({u"tag"_s, image, u"going:1"_s}).exitCode, 0);
    const Outcome removed = run({u"rmi"_s, u"going:1"_s});
    QVERIFY2(removed.exitCode == 0, qPrintable(removed.errors));
    QCOMPARE(removed.output.trimmed(), image);
    const Outcome again = run({u"rmi"_s, image, u"busybox:latest"_s});
    QCOMPARE(again.exitCode, 1);
    QVERIFY(again.errors.contains(image) && again.errors.contains(u"public"_s));
}

QTEST_GUILESS_MAIN(CliStorageTest)
#include "tst_clistorage.moc"
