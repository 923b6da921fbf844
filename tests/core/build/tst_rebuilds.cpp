#include "tests/core/build/buildfixture.h"

#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;

using Change = std::function<void(BuildFixture &)>;
using BuildArgs = QMap<QString, QString>;

/// Exactly what must rebuild, rebuilds: a build, one change, and which steps of the second build were taken
/// from the cache (C) or carried out (D); a step that only changes the config counts as new at the end. The
/// rows follow docs/layer-keys.md.
class TestRebuilds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init();

    void changedText_data();
    void changedText();
    void changedFile_data();
    void changedFile();
    void changedBuildArgs_data();
    void changedBuildArgs();
    void contextInAnotherPlaceHasACacheOfItsOwn();

private:
    [[nodiscard]] QString statesOf(const QString &text, const BuildArgs &arguments = {});
    std::unique_ptr<BuildFixture> m_fixture;
};

void TestRebuilds::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestRebuilds::init()
{
    m_fixture->clear();
    m_fixture->write(u"a.txt"_s, "a");
    m_fixture->write(u"d/one"_s, "1");
    m_fixture->write(u"d/two"_s, "2");
    m_fixture->write(u"ignored"_s, "i");
    m_fixture->write(u".dockerignore"_s, "ignored\n");
}

QString TestRebuilds::statesOf(const QString &text, const BuildArgs &arguments)
{
    build::BuildRequest request;
    request.buildArgs = arguments;
    const auto report = m_fixture->build(text, request);
    return report.result ? report.states() : report.error();
}

// Each row's text begins with a RUN that carries the row's name: no row finds another row's layers.
static QString text(const QString &rest)
{
    return u"FROM busybox\nRUN echo \"%1\"\n"_s.arg(QLatin1StringView(QTest::currentDataTag())) + rest;
}

void TestRebuilds::changedText_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("states");
    const auto row = [](const char *name, const QString &before, const QString &after,
                        const QString &states) { QTest::newRow(name) << before << after << states; };
    row("comment", u"RUN true\n"_s, u"# new\nRUN true\n"_s, u"CCC"_s);
    row("keyword's case", u"RUN true\n"_s, u"run true\n"_s, u"CCC"_s);
    row("line broken", u"RUN echo a  b\n"_s, u"RUN echo a \\\n b\n"_s, u"CCC"_s);
    row("command", u"RUN echo a\nRUN true\n"_s, u"RUN echo b\nRUN true\n"_s, u"CCDD"_s);
    row("form of RUN", u"RUN true\n"_s, u"RUN [\"true\"]\n"_s, u"CCD"_s);
    row("heredoc's body", u"RUN <<E\necho a\nE\n"_s, u"RUN <<E\necho b\nE\n"_s, u"CCD"_s);
    row("network", u"RUN true\n"_s, u"RUN --network=none true\n"_s, u"CCD"_s);
    row("network as it is anyway", u"RUN true\n"_s, u"RUN --network=default true\n"_s, u"CCC"_s);
    row("ENV that later runs see", u"RUN true\nENV A=1\nRUN true\n"_s, u"RUN true\nENV A=2\nRUN true\n"_s,
        u"CCCCD"_s);
    row("ENV in another order", u"ENV A=1\nENV B=2\nRUN true\n"_s, u"ENV B=2\nENV A=1\nRUN true\n"_s,
        u"CCCCC"_s);
    row("ENV that a COPY does not see", u"ENV A=1\nCOPY a.txt /\n"_s, u"ENV A=2\nCOPY a.txt /\n"_s,
        u"CCCC"_s);
    row("same words by a variable", u"COPY a.txt /x\n"_s, u"ENV T=/x\nCOPY a.txt $T\n"_s, u"CCCC"_s);
    row("ARG that nobody gave a value", u"RUN true\n"_s, u"ARG NEW\nRUN true\n"_s, u"CCCC"_s);
    row("ARG's default", u"ARG A=1\nRUN true\n"_s, u"ARG A=2\nRUN true\n"_s, u"CCCD"_s);
    row("ARG below", u"RUN true\nARG A=1\n"_s, u"RUN true\nARG A=2\n"_s, u"CCCD"_s);
    row("USER", u"USER 1\nRUN true\n"_s, u"USER 2\nRUN true\n"_s, u"CCCD"_s);
    row("WORKDIR's spelling", u"WORKDIR /w/x\nRUN true\n"_s, u"WORKDIR /w/./x/\nRUN true\n"_s, u"CCCC"_s);
    row("WORKDIR", u"WORKDIR /w\nRUN true\n"_s, u"WORKDIR /v\nRUN true\n"_s, u"CCDD"_s);
    row("SHELL", u"SHELL [\"/bin/sh\", \"-c\"]\nRUN true\n"_s, u"SHELL [\"/bin/sh\", \"-ec\"]\nRUN true\n"_s,
        u"CCCD"_s);
    row("CMD", u"RUN true\nCMD [\"a\"]\n"_s, u"RUN true\nCMD [\"b\"]\n"_s, u"CCCD"_s);
    row("LABEL above a RUN", u"LABEL a=1\nRUN true\n"_s, u"LABEL a=2\nRUN true\n"_s, u"CCCC"_s);
    row("destination's spelling", u"WORKDIR /w\nCOPY a.txt ./x\n"_s, u"WORKDIR /w\nCOPY a.txt /w/x\n"_s,
        u"CCCC"_s);
    row("destination", u"COPY a.txt /x\n"_s, u"COPY a.txt /y\n"_s, u"CCD"_s);
    row("--chown", u"COPY a.txt /\n"_s, u"COPY --chown=1 a.txt /\n"_s, u"CCD"_s);
    row("--chown to the owner that it has anyway", u"COPY a.txt /\n"_s, u"COPY --chown=0:0 a.txt /\n"_s,
        u"CCD"_s);
    row("--chmod", u"COPY a.txt /\n"_s, u"COPY --chmod=600 a.txt /\n"_s, u"CCD"_s);
    row("stage's name", u"FROM busybox AS a\nRUN true\n"_s, u"FROM busybox AS b\nRUN true\n"_s, u"CC"_s);
    row("--from by name and by number", u"FROM busybox\nCOPY --from=0 /etc/passwd /x\n"_s,
        u"FROM busybox\nCOPY --from=busybox /etc/passwd /x\n"_s, u"CD"_s);
}

void TestRebuilds::changedText()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    const QString first = statesOf(text(before));
    QVERIFY2(first.endsWith(u'D') || first.endsWith(u'C'), qPrintable(first));
    QTEST(statesOf(text(after)), "states");
}

void TestRebuilds::changedFile_data()
{
    QTest::addColumn<QString>("copy");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("states");
    const auto row = [](const char *name, const QString &copy, const Change &change, const QString &states) {
        QTest::newRow(name) << copy << change << states;
    };
    row("content", u"COPY d /d\nRUN true\n"_s, [](auto &f) { f.write(u"d/one"_s, "x"); }, u"CCDD"_s);
    row(
        "time", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) {
            const timespec times[2] = {{1, 0}, {1, 0}};
            QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(f.context() + u"/d/one"_s), times, 0), 0);
        },
        u"CCCC"_s);
    row(
        "content of the same size with the same time", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) {
            const QByteArray name = QFile::encodeName(f.context() + u"/d/one"_s);
            struct stat status = {};
            QCOMPARE(::stat(name, &status), 0);
            f.write(u"d/one"_s, "9");
            const timespec times[2] = {status.st_atim, status.st_mtim};
            QCOMPARE(::utimensat(AT_FDCWD, name, times, 0), 0);
        },
        u"CCDD"_s);
    row(
        "mode", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { QCOMPARE(::chmod(QFile::encodeName(f.context() + u"/d/one"_s), 0600), 0); }, u"CCDD"_s);
    row("new file", u"COPY d /d\nRUN true\n"_s, [](auto &f) { f.write(u"d/three"_s, "3"); }, u"CCDD"_s);
    row(
        "empty folder", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { QVERIFY(QDir(f.context()).mkpath(u"d/e"_s)); }, u"CCDD"_s);
    row(
        "file's name", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { QVERIFY(QFile::rename(f.context() + u"/d/one"_s, f.context() + u"/d/uno"_s)); },
        u"CCDD"_s);
    row(
        "file gone", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { QVERIFY(QFile::remove(f.context() + u"/d/one"_s)); }, u"CCDD"_s);
    row(
        "link's target", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { QVERIFY(QFile::link(u"two"_s, f.context() + u"/d/link"_s)); }, u"CCDD"_s);
    row("another file", u"COPY d /d\nRUN true\n"_s, [](auto &f) { f.write(u"a.txt"_s, "x"); }, u"CCCC"_s);
    row("ignored file", u"COPY . /d\nRUN true\n"_s, [](auto &f) { f.write(u"ignored"_s, "x"); }, u"CCCC"_s);
    row(
        "rule that drops nothing", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { f.write(u".dockerignore"_s, "ignored\nnothing\n"); }, u"CCCC"_s);
    row(
        "rule that drops a file", u"COPY d /d\nRUN true\n"_s,
        [](auto &f) { f.write(u".dockerignore"_s, "ignored\nd/one\n"); }, u"CCDD"_s);
    row("below a step", u"RUN true\nCOPY d /d\n"_s, [](auto &f) { f.write(u"d/one"_s, "x"); }, u"CCCD"_s);
    row(
        "in a stage that is copied from",
        u"FROM busybox AS a\nCOPY d /d\nFROM busybox\nRUN true\nCOPY --from=a /d /d\nRUN ls\n"_s,
        [](auto &f) { f.write(u"d/one"_s, "x"); }, u"CDCCDD"_s);
}

void TestRebuilds::changedFile()
{
    QFETCH(QString, copy);
    QFETCH(Change, change);
    const QString first = statesOf(text(copy));
    QVERIFY2(first.endsWith(u'D'), qPrintable(first));
    change(*m_fixture);
    QTEST(statesOf(text(copy)), "states");
}

void TestRebuilds::changedBuildArgs_data()
{
    QTest::addColumn<QString>("rest");
    QTest::addColumn<BuildArgs>("arguments");
    QTest::addColumn<QString>("states");
    QTest::newRow("declared above the RUN")
        << u"RUN true\nARG V=1\nRUN true\n"_s << BuildArgs{{u"V"_s, u"2"_s}} << u"CCCCD"_s;
    QTest::newRow("the default given")
        << u"ARG V=1\nRUN true\n"_s << BuildArgs{{u"V"_s, u"1"_s}} << u"CCCC"_s;
    QTest::newRow("never declared") << u"RUN true\n"_s << BuildArgs{{u"V"_s, u"2"_s}} << u"CCC"_s;
    QTest::newRow("only in a COPY's words")
        << u"ARG V=/x\nCOPY a.txt $V\nRUN true\n"_s << BuildArgs{{u"V"_s, u"/y"_s}} << u"CCCDD"_s;
    QTest::newRow("not in a COPY's words")
        << u"ARG V=/x\nCOPY a.txt /z\n"_s << BuildArgs{{u"V"_s, u"/y"_s}} << u"CCCC"_s;
    QTest::newRow("proxy") << u"RUN true\n"_s << BuildArgs{{u"HTTP_PROXY"_s, u"http://127.0.0.1:9"_s}}
                           << u"CCC"_s;
}

void TestRebuilds::changedBuildArgs()
{
    QFETCH(QString, rest);
    QFETCH(BuildArgs, arguments);
    const QString first = statesOf(text(rest));
    QVERIFY2(first.endsWith(u'D'), qPrintable(first));
    QTEST(statesOf(text(rest), arguments), "states");
}

void TestRebuilds::contextInAnotherPlaceHasACacheOfItsOwn()
{
    const QString dockerfile = u"FROM busybox\nRUN echo moved\n"_s;
    QCOMPARE(statesOf(dockerfile).sliced(1), u"D"_s);
    build::BuildRequest request;
    request.contextFolder = m_fixture->home(u"elsewhere"_s);
    QVERIFY(QDir().mkpath(request.contextFolder));
    const auto report = m_fixture->build(dockerfile, request);
    QVERIFY2(report.result, qPrintable(report.error()));
    QCOMPARE(report.states().sliced(1), u"D"_s);
}

QTEST_GUILESS_MAIN(TestRebuilds)
#include "tst_rebuilds.moc"
