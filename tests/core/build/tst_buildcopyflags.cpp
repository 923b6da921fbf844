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

// Flags of COPY and ADD on the real engine (spec 3.3 to 3.7).
class TestBuildCopyFlags : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void symbolicModes();
    void badModesAreRefused();
    void octalModesReachMadeParents();
    void ownersByName();
    void namesInAnEmptyFileSystemAreRefused();
    void excludesLocalAndFromImages();
    void parentsLocalAndFromImages();
    void missingPathsWithParentsAreErrors();
    void linkIsALayerByItself();
    void linkIsReusedOnAnotherBase();
    void linkWithChmodIsAPlainCopy();

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

void TestBuildCopyFlags::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestBuildCopyFlags::symbolicModes()
{
    m_fixture->write(u"d/sub/plain"_s, "x");
    m_fixture->write(u"d/tool"_s, "x");
    QVERIFY(::chmod(host(u"d/sub/plain"_s), 0640) == 0 && ::chmod(host(u"d/tool"_s), 0700) == 0);
    const auto report = m_fixture->build(
        u"FROM busybox AS one\nCOPY --chmod=a+rX d /local\n"
        "FROM busybox\nARG M=go=u\nCOPY --from=one --chmod=$M /local /from\nCOPY --from=one /local /kept\n"
        "COPY --chmod=u=rw,go= d/tool /new/tool\nCOPY --from=one --chmod=600 /local/tool /six\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/kept/sub/plain"_s), u"644 0:0"_s);
    QCOMPARE(describe(report, u"/kept/tool"_s), u"755 0:0"_s);
    QCOMPARE(describe(report, u"/from/tool"_s), u"777 0:0"_s);
    QCOMPARE(describe(report, u"/from/sub/plain"_s), u"666 0:0"_s);
    QCOMPARE(describe(report, u"/from"_s), u"755 0:0"_s);
    QCOMPARE(describe(report, u"/new/tool"_s), u"600 0:0"_s);
    QCOMPARE(describe(report, u"/new"_s), u"755 0:0"_s);
    QCOMPARE(describe(report, u"/six"_s), u"600 0:0"_s);
}

void TestBuildCopyFlags::badModesAreRefused()
{
    m_fixture->write(u"a"_s, "a");
    VERIFY_CONTAINS(build(u"COPY --chmod=64a a /\n"_s).error(),
                    u"Dockerfile:2:1: invalid chmod parameter: '64a'. it should be octal string and between "
                    "0 and 07777"_s);
    VERIFY_CONTAINS(build(u"COPY --chmod=u+q a /\n"_s).error(), u"Dockerfile:2:1: invalid syntax"_s);
}

void TestBuildCopyFlags::octalModesReachMadeParents()
{
    m_fixture->write(u"a"_s, "a");
    const auto report = build(u"COPY --chmod=700 --chown=3:4 a /x/y/\nCOPY a /p/q/\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/x"_s), u"700 3:4"_s);
    QCOMPARE(describe(report, u"/x/y"_s), u"700 3:4"_s);
    QCOMPARE(describe(report, u"/x/y/a"_s), u"700 3:4"_s);
    QCOMPARE(describe(report, u"/p/q"_s), u"755 0:0"_s);
}

void TestBuildCopyFlags::ownersByName()
{
    m_fixture->write(u"a"_s, "a");
    const auto report = build(u"RUN echo 'me:x:123:456::/:/bin/sh' >> /etc/passwd && echo 'us:x:789:' >> "
                              "/etc/group\nCOPY --chown=me a /user\nCOPY --chown=me:us a /both\n"
                              "COPY --chown=nobodyknows:either a /unknown\nCOPY --chown=5:us a /mixed\n"
                              "COPY --chown=root a /root1\n"_s);
    VERIFY_BUILT(report);
    QVERIFY(describe(report, u"/user"_s).endsWith(u" 123:456"_s));
    QVERIFY(describe(report, u"/both"_s).endsWith(u" 123:789"_s));
    QVERIFY(describe(report, u"/unknown"_s).endsWith(u" 0:0"_s));
    QVERIFY(describe(report, u"/mixed"_s).endsWith(u" 5:789"_s));
    QVERIFY(describe(report, u"/root1"_s).endsWith(u" 0:0"_s));
}

void TestBuildCopyFlags::namesInAnEmptyFileSystemAreRefused()
{
    m_fixture->write(u"a"_s, "a");
    VERIFY_CONTAINS(m_fixture->build(u"FROM scratch\nCOPY --chown=www-data a /\n"_s).error(),
                    u"Dockerfile:2:1: invalid user index: -1"_s);
    VERIFY_CONTAINS(build(u"COPY --link --chown=www-data a /\n"_s).error(), u"invalid user index: -1"_s);
    VERIFY_BUILT(m_fixture->build(u"FROM scratch\nCOPY --chown=root:5 a /\n"_s));
}

void TestBuildCopyFlags::excludesLocalAndFromImages()
{
    for (const QString &file : {u"d/keep.md"_s, u"d/a.txt"_s, u"d/sub/b.txt"_s, u"d/sub/c.md"_s, u"a.txt"_s})
        m_fixture->write(file, "x");
    const auto report = m_fixture->build(
        u"FROM busybox AS all\nCOPY d /d\n"
        "FROM busybox\nCOPY --exclude=**/*.txt d /local\nCOPY --exclude=**/*.txt --from=all /d /from\n"
        "COPY --exclude=sub --exclude=!sub/c.md d /again\nCOPY --from=all --exclude=sub --exclude=!sub/c.md "
        "/d "
        "/fromagain\nCOPY --exclude=a.txt a.txt /file\nCOPY --exclude=*.txt --from=all /d/a.txt /fromfile\n"_s);
    VERIFY_BUILT(report);
    for (const QString &folder : {u"/local"_s, u"/from"_s}) {
        QCOMPARE(describe(report, folder + u"/a.txt"_s), u"(none)"_s);
        QCOMPARE(describe(report, folder + u"/sub/b.txt"_s), u"(none)"_s);
        QVERIFY(describe(report, folder + u"/sub/c.md"_s) != u"(none)"_s);
        QVERIFY(describe(report, folder + u"/keep.md"_s) != u"(none)"_s);
    }
    for (const QString &folder : {u"/again"_s, u"/fromagain"_s}) {
        QCOMPARE(describe(report, folder + u"/sub/b.txt"_s), u"(none)"_s);
        QVERIFY(describe(report, folder + u"/sub/c.md"_s) != u"(none)"_s);
    }
    QCOMPARE(m_fixture->read(report.result->image, u"/file"_s), "x");
    QCOMPARE(m_fixture->read(report.result->image, u"/fromfile"_s), "x");
}

void TestBuildCopyFlags::parentsLocalAndFromImages()
{
    for (const QString &file : {u"x/y/a.txt"_s, u"x/y/b.md"_s, u"x/z/c.txt"_s, u"top.txt"_s})
        m_fixture->write(file, "x");
    QVERIFY(::chmod(host(u"x/y"_s), 0711) == 0);
    const QString lines = u"COPY --parents %1./x/y/a.txt /plain/\nCOPY --parents %1./x/./y/*.md /pivot/\n"
                          "COPY --parents %1**/*.txt /deep/\nCOPY --parents %1x/z /folder\n"
                          "COPY --parents --exclude=x/y %1**/*.txt /not/\n"_s;
    const auto local = build(lines.arg(QString()));
    VERIFY_BUILT(local);
    QString from = lines;
    from.replace(u"--parents "_s, u"--parents --from=all "_s).replace(u"%1./"_s, u"/src/./"_s);
    from.replace(u"%1"_s, u"/src/./"_s).replace(u"/src/./x/./y"_s, u"/src/x/./y"_s);
    const auto origin = m_fixture->build(u"FROM busybox AS all\nCOPY . /src\nFROM busybox\n"_s + from);
    VERIFY_BUILT(origin);
    for (const BuildReport &report : {local, origin}) {
        QCOMPARE(m_fixture->read(report.result->image, u"/plain/x/y/a.txt"_s), "x");
        QCOMPARE(describe(report, u"/plain/x/y"_s), u"711 0:0"_s);
        QCOMPARE(describe(report, u"/plain/x/y/b.md"_s), u"(none)"_s);
        QCOMPARE(m_fixture->read(report.result->image, u"/pivot/y/b.md"_s), "x");
        QCOMPARE(describe(report, u"/pivot/x"_s), u"(none)"_s);
        QCOMPARE(m_fixture->read(report.result->image, u"/deep/x/z/c.txt"_s), "x");
        QCOMPARE(m_fixture->read(report.result->image, u"/deep/top.txt"_s), "x");
        QCOMPARE(m_fixture->read(report.result->image, u"/folder/x/z/c.txt"_s), "x");
        QCOMPARE(m_fixture->read(report.result->image, u"/not/x/z/c.txt"_s), "x");
        QCOMPARE(describe(report, u"/not/x/y"_s), u"(none)"_s);
    }
}

void TestBuildCopyFlags::missingPathsWithParentsAreErrors()
{
    m_fixture->write(u"x/a"_s, "x");
    VERIFY_CONTAINS(build(u"COPY --parents x/b /\n"_s).error(), u"\"/x/b\": not found"_s);
    VERIFY_CONTAINS(build(u"COPY --parents --from=busybox /etc/./none /\n"_s).error(),
                    u"\"/etc/none\": not found"_s);
    VERIFY_BUILT(build(u"COPY --parents none/* /p/\n"_s));
}

void TestBuildCopyFlags::linkIsALayerByItself()
{
    m_fixture->write(u"d/sub/a"_s, "a");
    m_fixture->write(u"f"_s, "f");
    const auto report =
        build(u"RUN mkdir -m 700 -p /real/closed && mkdir -m 700 /keep && ln -s real /way\n"
              "COPY --link f /way/f\nCOPY --link --chown=7:8 d /keep\nRUN echo more > /keep/more\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/way"_s), u"755 0:0"_s); // The link became a folder.
    QCOMPARE(m_fixture->read(report.result->image, u"/way/f"_s), "f");
    QCOMPARE(describe(report, u"/real/f"_s), u"(none)"_s);
    QCOMPARE(describe(report, u"/real/closed"_s), u"700 0:0"_s);
    QCOMPARE(describe(report, u"/keep"_s), u"755 7:8"_s); // The mode that was there is overridden.
    QCOMPARE(m_fixture->read(report.result->image, u"/keep/sub/a"_s), "a");
    QCOMPARE(m_fixture->read(report.result->image, u"/keep/more"_s), "more\n");
    VERIFY_BUILT(m_fixture->build(u"FROM scratch\nCOPY --link f /\n"_s));
}

void TestBuildCopyFlags::linkIsReusedOnAnotherBase()
{
    m_fixture->write(u"f"_s, "linked");
    const QString rest = u"COPY --link f /opt/f\nRUN cat /opt/f\n"_s;
    const auto first = build(u"RUN echo one > /base\n"_s + rest);
    VERIFY_BUILT(first);
    QCOMPARE(build(u"RUN echo one > /base\n"_s + rest).states(), u"CCCC"_s);
    const auto layersOf = [this](const BuildReport &report) {
        QStringList ids;
        for (const engine::LayerRecord &layer : QCoro::waitFor(m_fixture->engine.layers(report.result->image))
                                                    .value_or(QList<engine::LayerRecord>()))
            ids << layer.id;
        return ids;
    };
    const auto second = build(u"RUN echo two > /base\n"_s + rest);
    VERIFY_BUILT(second);
    QCOMPARE(m_fixture->read(second.result->image, u"/base"_s), "two\n");
    QCOMPARE(m_fixture->read(second.result->image, u"/opt/f"_s), "linked");
    QStringList shared = layersOf(first);
    shared.removeIf([other = layersOf(second)](const QString &id) { return !other.contains(id); });
    QCOMPARE(shared.size(), 2); // busybox's own and the linked one.
}

void TestBuildCopyFlags::linkWithChmodIsAPlainCopy()
{
    m_fixture->write(u"f"_s, "f");
    const auto report = build(u"RUN mkdir /real && ln -s real /way\nCOPY --link --chmod=600 f /way/f\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/way"_s), u"-> real"_s);
    QCOMPARE(describe(report, u"/real/f"_s), u"600 0:0"_s);
}

QTEST_GUILESS_MAIN(TestBuildCopyFlags)
#include "tst_buildcopyflags.moc"
