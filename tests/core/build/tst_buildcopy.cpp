#include "tests/core/build/buildfixture.h"

#include <QProcess>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// What COPY and ADD put where, on the real engine.
class TestBuildCopy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void copyFollowsTheRulesOfDestinations();
    void severalSourcesFindWhatTheOnesBeforeLeft();
    void copyFolderOntoFileIsRefused();
    void copySetsOwnersAndModes();
    void heredocsBecomeFiles();
    void missingAndIgnoredSourcesAreExplained();
    void copiesFromStagesAndImages();
    void missingPathOfAStageIsAnError();
    void addUnpacksArchives();

private:
    [[nodiscard]] BuildReport build(const QString &lines)
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines);
    }

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestBuildCopy::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestBuildCopy::copyFollowsTheRulesOfDestinations()
{
    m_fixture->write(u"a.txt"_s, "a");
    m_fixture->write(u"b.txt"_s, "b");
    m_fixture->write(u"dir/sub/c.txt"_s, "c");
    QVERIFY(QFile::link(u"sub/c.txt"_s, m_fixture->context() + u"/dir/link"_s));
    const auto report =
        build(u"WORKDIR /w\nCOPY a.txt .\nCOPY a.txt new\nCOPY a.txt /etc\nCOPY a.txt b.txt many/\n"
              "COPY *.txt /glob/\nCOPY dir /tree\nCOPY dir/sub ./\nCOPY dir/link /followed\n"
              "COPY missing* /none/\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/w/a.txt"_s), "a");
    QCOMPARE(m_fixture->read(image, u"/w/new"_s), "a");
    QCOMPARE(m_fixture->read(image, u"/etc/a.txt"_s), "a");
    QCOMPARE(m_fixture->read(image, u"/w/many/b.txt"_s), "b");
    QCOMPARE(m_fixture->read(image, u"/glob/b.txt"_s), "b");
    QCOMPARE(m_fixture->read(image, u"/tree/sub/c.txt"_s), "c");
    QCOMPARE(m_fixture->describe(image, u"/tree/link"_s), u"-> sub/c.txt"_s);
    QCOMPARE(m_fixture->read(image, u"/w/c.txt"_s), "c");
    QCOMPARE(m_fixture->read(image, u"/followed"_s), "c");
}

void TestBuildCopy::severalSourcesFindWhatTheOnesBeforeLeft()
{
    m_fixture->write(u"a"_s, "a");
    m_fixture->write(u"b"_s, "b");
    m_fixture->write(u"d/c"_s, "c");
    const auto report = build(u"COPY a b /x\nCOPY d b /z\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/x"_s), "b");   // The second one replaced the first.
    QCOMPARE(m_fixture->read(image, u"/z/b"_s), "b"); // The folder made it a folder.
    VERIFY_CONTAINS(build(u"COPY a d /x\n"_s).error(), u"Dockerfile:2:1: cannot copy to non-directory: /x"_s);
}

void TestBuildCopy::copyFolderOntoFileIsRefused()
{
    m_fixture->write(u"d/a"_s, "a");
    VERIFY_CONTAINS(build(u"COPY d /etc/passwd\n"_s).error(), u"cannot copy to non-directory: /etc/passwd"_s);
}

void TestBuildCopy::copySetsOwnersAndModes()
{
    m_fixture->write(u"a"_s, "a");
    m_fixture->write(u"d/b"_s, "b");
    QVERIFY(QFile::setPermissions(m_fixture->context() + u"/a"_s, QFile::Permissions(0x7440)));
    const auto report =
        build(u"COPY a /plain\nCOPY --chown=7 a /number\nCOPY --chown=www-data:tty --chmod=600 a /name\n"
              "COPY --chown=7:8 d /new/deep\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->describe(image, u"/plain"_s), u"740 0:0"_s);
    QCOMPARE(m_fixture->describe(image, u"/number"_s), u"740 7:7"_s);
    QCOMPARE(m_fixture->describe(image, u"/name"_s), u"600 33:5"_s);
    QCOMPARE(m_fixture->describe(image, u"/new"_s), u"755 7:8"_s);
    QCOMPARE(m_fixture->describe(image, u"/new/deep"_s), u"755 7:8"_s);
    QVERIFY(m_fixture->describe(image, u"/new/deep/b"_s).endsWith(u"7:8"_s));
}

void TestBuildCopy::heredocsBecomeFiles()
{
    const auto report = build(u"ENV X=1\nCOPY <<a.txt <<\"b.txt\" /d/\nx is $X\na.txt\nraw $X\nb.txt\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(m_fixture->read(report.result->image, u"/d/a.txt"_s), "x is 1\n");
    QCOMPARE(m_fixture->read(report.result->image, u"/d/b.txt"_s), "raw $X\n");
    QCOMPARE(m_fixture->describe(report.result->image, u"/d/a.txt"_s), u"644 0:0"_s);
}

void TestBuildCopy::missingAndIgnoredSourcesAreExplained()
{
    m_fixture->write(u"secret.key"_s, "x");
    m_fixture->write(u".dockerignore"_s, "# keys\n*.key\n");
    const auto missing = build(u"COPY nothing /\n"_s);
    VERIFY_CONTAINS(missing.error(), u"Dockerfile:2:1"_s);
    VERIFY_CONTAINS(missing.error(), u"\"nothing\" is not in the build context"_s);
    VERIFY_CONTAINS(build(u"COPY secret.key /\n"_s).error(), u"*.key"_s);
    VERIFY_CONTAINS(build(u"COPY ../x /\n"_s).error(), u"Sources cannot lie outside the context"_s);
}

void TestBuildCopy::copiesFromStagesAndImages()
{
    const auto report = m_fixture->build(u"FROM busybox AS Made\nRUN mkdir -p /out/sub && echo 1 > /out/x && "
                                         u"echo 2 > /out/sub/y && chown 7:8 /out/x\n"
                                         "FROM busybox\nCOPY --from=made /out /got\nCOPY --from=0 /out/x "
                                         "/etc\nCOPY --from=made --chown=9 out/* /glob/\n"
                                         "COPY --from=busybox:latest /etc/passwd /p\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/got/sub/y"_s), "2\n");
    QCOMPARE(m_fixture->describe(image, u"/got/x"_s), u"644 7:8"_s);
    QCOMPARE(m_fixture->read(image, u"/etc/x"_s), "1\n");
    QCOMPARE(m_fixture->describe(image, u"/glob/x"_s), u"644 9:9"_s);
    QCOMPARE(m_fixture->read(image, u"/glob/y"_s), "2\n");
    QVERIFY(m_fixture->read(image, u"/p"_s).startsWith("root:"));
}

void TestBuildCopy::missingPathOfAStageIsAnError()
{
    const auto report =
        m_fixture->build(u"FROM busybox AS one\nFROM busybox\nCOPY --from=one /nothing /\n"_s);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:3:1: \"/nothing\": not found"_s);
}

void TestBuildCopy::addUnpacksArchives()
{
    m_fixture->write(u"src/bin/tool"_s, "tool");
    m_fixture->write(u"plain.tar.gz"_s, "this is no archive");
    QVERIFY(QFile::link(u"tool"_s, m_fixture->context() + u"/src/bin/alias"_s));
    QCOMPARE(QProcess::execute(u"tar"_s, {u"-czf"_s, m_fixture->context() + u"/a.tgz"_s, u"--owner=7"_s,
                                          u"--group=8"_s, u"-C"_s, m_fixture->context() + u"/src"_s, u"."_s}),
             0);
    const auto report = build(
        u"ADD a.tgz /opt/x\nCOPY a.tgz /copied\nADD plain.tar.gz /y/\nADD --unpack=false a.tgz /kept\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/opt/x/bin/tool"_s), "tool");
    QVERIFY(m_fixture->describe(image, u"/opt/x/bin/tool"_s).endsWith(u"7:8"_s));
    QCOMPARE(m_fixture->describe(image, u"/opt/x/bin/alias"_s), u"-> tool"_s);
    QVERIFY(m_fixture->read(image, u"/copied"_s).startsWith("\x1f\x8b"));
    QVERIFY(m_fixture->read(image, u"/kept"_s).startsWith("\x1f\x8b"));
    QCOMPARE(m_fixture->read(image, u"/y/plain.tar.gz"_s), "this is no archive");
}

QTEST_GUILESS_MAIN(TestBuildCopy)
#include "tst_buildcopy.moc"
