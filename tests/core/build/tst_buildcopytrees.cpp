#include "tests/core/build/buildfixture.h"

#include <QProcess>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// What a copied tree does with what is there, and what comes along with its files (spec 3.4).
class TestBuildCopyTrees : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void linksInTheDestination();
    void treesMeetWhatIsThere();
    void foldersTakeAttributesBelowTheTop();
    void hardLinksAttributesAndPipes();
    void timesAreKept();
    void destinationsHaveTheTimeOfTheLastFolder();

private:
    [[nodiscard]] BuildReport build(const QString &lines)
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines);
    }
    [[nodiscard]] QString describe(const BuildReport &report, const QString &path)
    {
        return m_fixture->describe(report.result->image, path);
    }
    [[nodiscard]] QByteArray host(const QString &path) const
    {
        return QFile::encodeName(m_fixture->context() + u'/' + path);
    }

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestBuildCopyTrees::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestBuildCopyTrees::linksInTheDestination()
{
    m_fixture->write(u"f"_s, "f");
    const auto report = build(
        u"RUN mkdir /real && ln -s /real /way && ln -s ../gone/deep /dangling && echo old > /target && ln -s "
        "target /file\nCOPY f /way/\nCOPY f /dangling/\nCOPY f /file\nCOPY f /way/new/f\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(m_fixture->read(report.result->image, u"/real/f"_s), "f");
    QCOMPARE(m_fixture->read(report.result->image, u"/real/new/f"_s), "f");
    QCOMPARE(m_fixture->read(report.result->image, u"/gone/deep/f"_s), "f");
    QCOMPARE(describe(report, u"/dangling"_s), u"-> ../gone/deep"_s);
    QCOMPARE(describe(report, u"/file"_s), u"-> target"_s);
    QCOMPARE(m_fixture->read(report.result->image, u"/target"_s), "f");
}

void TestBuildCopyTrees::treesMeetWhatIsThere()
{
    m_fixture->write(u"d/sub/f"_s, "f");
    m_fixture->write(u"e/sub"_s, "file");
    m_fixture->write(u"sub"_s, "s");
    VERIFY_CONTAINS(build(u"RUN mkdir -p /x /y && ln -s /y /x/sub\nCOPY d /x\n"_s).error(),
                    u"cannot copy to non-directory: /x/sub"_s);
    VERIFY_CONTAINS(build(u"COPY sub /x/sub\nCOPY d /x\n"_s).error(),
                    u"cannot copy to non-directory: /x/sub"_s);
    VERIFY_CONTAINS(build(u"COPY d /x\nCOPY e /x\n"_s).error(),
                    u"cannot replace to directory /x/sub with file"_s);
    VERIFY_CONTAINS(build(u"COPY d /x\nCOPY sub /x/\n"_s).error(),
                    u"cannot replace to directory /x/sub with file"_s);
    const auto report = build(u"RUN mkdir -p /x /y && ln -s /y /x/sub\nCOPY e /x\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(m_fixture->read(report.result->image, u"/x/sub"_s), "file"); // A file replaces a link.
}

void TestBuildCopyTrees::foldersTakeAttributesBelowTheTop()
{
    m_fixture->write(u"d/sub/f"_s, "f");
    QVERIFY(::chmod(host(u"d"_s), 0701) == 0 && ::chmod(host(u"d/sub"_s), 0750) == 0);
    const auto report = m_fixture->build(
        u"FROM busybox AS one\nCOPY d /d\nRUN chown 7:8 /d /d/sub\n"
        "FROM busybox\nRUN mkdir -p -m 711 /there && mkdir -m 700 /there/sub && mkdir /other && mkdir -m 700 "
        "/other/sub\nCOPY d /there\nCOPY --from=one /d /other\nCOPY --from=one /d /new\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/there"_s), u"711 0:0"_s);
    QCOMPARE(describe(report, u"/there/sub"_s), u"750 0:0"_s);
    QCOMPARE(describe(report, u"/other/sub"_s), u"750 7:8"_s);
    QCOMPARE(describe(report, u"/new"_s), u"755 0:0"_s);
}

void TestBuildCopyTrees::hardLinksAttributesAndPipes()
{
    m_fixture->write(u"d/one"_s, "twice");
    QVERIFY(::link(host(u"d/one"_s), host(u"d/two"_s)) == 0 && ::mkfifo(host(u"d/pipe"_s), 0640) == 0);
    const bool attributes = ::setxattr(host(u"d/one"_s), "user.color", "red", 3, 0) == 0;
    const auto report = m_fixture->build(
        u"FROM busybox AS first\nCOPY d /d\nRUN stat -c %h /d/one && stat -c %F /d/pipe\n"
        "FROM busybox\nCOPY --from=first /d /e\nRUN stat -c %h /e/two && stat -c %F /e/pipe\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.allOutput(), QByteArray("2\nfifo\n2\nfifo\n"));
    if (!attributes)
        QSKIP("no extended attributes here");
    QBuffer tar;
    tar.open(QIODevice::WriteOnly);
    QVERIFY(QCoro::waitFor(m_fixture->engine.archive(report.result->image, u"/e"_s, &tar)));
    QVERIFY(tar.data().contains("user.color"));
    QVERIFY(::setxattr(host(u"d/one"_s), "user.color", "blue", 4, 0) == 0);
    QVERIFY(build(u"COPY d /d\n"_s).states() != u"CC"_s);
}

void TestBuildCopyTrees::timesAreKept()
{
    m_fixture->write(u"d/f"_s, "f");
    const timespec times[2] = {{0, UTIME_OMIT}, {1'000'000'000, 123'456'789}};
    for (const QString &path : {u"d/f"_s, u"d"_s})
        QVERIFY(::utimensat(AT_FDCWD, host(path), times, 0) == 0);
    const auto report =
        m_fixture->build(u"FROM busybox AS a\nCOPY d /x/d\nCOPY . /y\n"
                         "FROM busybox\nCOPY --from=a /x /x\nCOPY --from=a /y /y\n"
                         "RUN stat -c '%.9Y' /x/d/f /y/d/f /y/d || stat -c %y /x/d/f /y/d/f /y/d\n"_s);
    VERIFY_BUILT(report);
    const QByteArray printed = report.allOutput();
    QVERIFY2(printed.count("123456789") == 3 || printed.count("1000000000") == 3, printed.constData());
}

void TestBuildCopyTrees::destinationsHaveTheTimeOfTheLastFolder()
{
    m_fixture->write(u"d/f"_s, "f");
    m_fixture->write(u"g"_s, "g");
    const timespec times[2] = {{0, UTIME_OMIT}, {1'000'000'000, 0}};
    QVERIFY(::utimensat(AT_FDCWD, host(u"d"_s), times, 0) == 0);
    const auto report = m_fixture->build(
        u"FROM busybox AS a\nRUN mkdir -m 711 /there\nCOPY d /new\nCOPY d /there\nCOPY d g /touched/\n"
        "FROM busybox\nRUN mkdir /other\nCOPY --from=a /new /other\nCOPY --from=a / /all\n"
        "RUN stat -c %Y /other /all/new /all/there /all/touched\n"_s);
    VERIFY_BUILT(report);
    const QByteArrayList printed = report.allOutput().trimmed().split('\n');
    QCOMPARE(printed.size(), 4);
    QCOMPARE(printed.first(3), QByteArrayList(3, "1000000000"));
    QVERIFY(printed[3] != "1000000000"); // A file came later.
    QCOMPARE(describe(report, u"/all/there"_s), u"711 0:0"_s);
}

QTEST_GUILESS_MAIN(TestBuildCopyTrees)
#include "tst_buildcopytrees.moc"
