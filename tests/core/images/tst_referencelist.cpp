#include "core/images/referencelist.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage::images;

/// Which images a pasted text names.
class TestReferenceList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreFound_data();
    void namesAreFound();
    void tagsAndProblemsAreTold();
    void clashesAreFound();
};

void TestReferenceList::namesAreFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("references");
    QTest::newRow("nothing") << u"  \n\n"_s << QStringList();
    QTest::newRow("one") << u"busybox"_s << QStringList{u"busybox"_s};
    QTest::newRow("lines and commas") << u"a:1, b:2\nc"_s << QStringList{u"a:1"_s, u"b:2"_s, u"c"_s};
    QTest::newRow("braces") << u"ubuntu:{22.04, 24.04}"_s
                            << QStringList{u"ubuntu:22.04"_s, u"ubuntu:24.04"_s};
    QTest::newRow("twice") << u"a a\na"_s << QStringList{u"a"_s};
    QTest::newRow("comment") << u"# mine\na"_s << QStringList{u"a"_s};
    QTest::newRow("commands") << u"docker pull redis:7\n$ podman run -it alpine sh"_s
                              << QStringList{u"redis:7"_s, u"alpine"_s};
    QTest::newRow("compose") << u"services:\n  web:\n    image: \"nginx:1.27\"\n    ports: [80]\n  db:\n"
                                "    image: postgres:17 # data\n"_s
                             << QStringList{u"nginx:1.27"_s, u"postgres:17"_s};
    QTest::newRow("Dockerfile")
        << u"FROM --platform=linux/amd64 golang:1.23 AS build\nRUN go build\n"
           "from build as test\nFROM scratch\nFROM alpine\nCOPY --from=build /x /x\n"_s
        << QStringList{u"golang:1.23"_s, u"alpine"_s};
    QTest::newRow("half a brace") << u"a:{1"_s << QStringList{u"a:{1"_s};
}

void TestReferenceList::namesAreFound()
{
    QFETCH(QString, text);
    QStringList found;
    for (const ListedReference &listed : referencesIn(text))
        found.append(listed.reference);
    QTEST(found, "references");
}

void TestReferenceList::tagsAndProblemsAreTold()
{
    const auto listed = referencesIn(u"ghcr.io/o/tool:1 Bad_Name!"_s);
    QCOMPARE(listed.size(), 2);
    QCOMPARE(listed[0].tag, u"o/tool:1"_s);
    QVERIFY(listed[0].problem.isEmpty());
    QVERIFY(!listed[1].problem.isEmpty());
}

void TestReferenceList::clashesAreFound()
{
    QCOMPARE(clashingTags(referencesIn(u"ghcr.io/a/b:1 quay.io/a/b:1 c:1"_s)), QStringList{u"a/b:1"_s});
    QVERIFY(clashingTags(referencesIn(u"a:1 a:2"_s)).isEmpty());
}

QTEST_GUILESS_MAIN(TestReferenceList)
#include "tst_referencelist.moc"
