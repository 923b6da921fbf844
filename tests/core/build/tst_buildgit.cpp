#include "tests/core/build/buildfixture.h"
#include "tests/support/gitserver.h"

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// ADD of git repositories, by a real git daemon and on the real engine (spec 3.9, 6.2).
class TestBuildGit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }

    void checkoutsAreCopied();
    void commitsDecideTheCache();
    void isRefusedWhereItMustBe();

private:
    [[nodiscard]] BuildReport build(const QString &lines)
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines);
    }
    [[nodiscard]] QString describe(const BuildReport &report, const QString &path)
    {
        return m_fixture->describe(report.result->image, path);
    }
    [[nodiscard]] QByteArray read(const BuildReport &report, const QString &path)
    {
        return m_fixture->read(report.result->image, path);
    }

    std::unique_ptr<BuildFixture> m_fixture;
    test::GitServer m_server;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestBuildGit::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    if (!test::GitServer::isPossible())
        QSKIP("git or its daemon is not installed: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
    QVERIFY(m_server.start());
}

void TestBuildGit::checkoutsAreCopied()
{
    const QString name = u"app"_s;
    test::GitServer &server = m_server;
    server.repository(name);
    server.write(name, u"a.txt"_s, "one");
    server.write(name, u"node_modules/kept"_s, "no built-in exclude here");
    server.write(name, u".dockerignore"_s, "a.txt\n");
    server.write(name, u"dir/b.txt"_s, "b");
    const QString first = server.commit(name);
    server.git(name, {u"tag"_s, u"v1"_s});
    server.write(name, u"a.txt"_s, "two");
    const QString second = server.commit(name);
    const QString url = server.url(name);
    const auto report = build(
        u"ADD %1 /head\nADD %1#v1 /v1\nADD --chown=7:8 %1#v1:dir /dir\nADD --keep-git-dir %1?tag=v1 /kept\n"
        "ADD --checksum=%2 --exclude=dir %1#main /checked\nADD --link %1#%3 /linked/\n"_s.arg(url, second,
                                                                                              first));
    VERIFY_BUILT(report);
    QCOMPARE(read(report, u"/head/a.txt"_s), "two");
    QCOMPARE(describe(report, u"/head/a.txt"_s), u"644 0:0"_s);
    QCOMPARE(describe(report, u"/head/.git"_s), u"(none)"_s);
    QVERIFY(describe(report, u"/head/node_modules/kept"_s) != u"(none)"_s);
    QCOMPARE(read(report, u"/v1/a.txt"_s), "one");
    QCOMPARE(describe(report, u"/dir/b.txt"_s), u"644 7:8"_s);
    QCOMPARE(read(report, u"/kept/.git/HEAD"_s).trimmed(), first.toUtf8());
    QCOMPARE(read(report, u"/checked/a.txt"_s), "two");
    QCOMPARE(describe(report, u"/checked/dir"_s), u"(none)"_s);
    QCOMPARE(read(report, u"/linked/a.txt"_s), "one");
}

void TestBuildGit::commitsDecideTheCache()
{
    const QString name = u"cached"_s;
    test::GitServer &server = m_server;
    server.repository(name);
    server.write(name, u"a.txt"_s, "one");
    const QString first = server.commit(name);
    const QString lines = u"ADD %1 /app\nRUN cat /app/a.txt\n"_s.arg(server.url(name));
    VERIFY_BUILT(build(lines));
    QCOMPARE(build(lines).states(), u"CCC"_s);
    QCOMPARE(build(u"ADD %1#%2 /app\n"_s.arg(server.url(name), first)).states(), u"CC"_s);
    server.write(name, u"a.txt"_s, "two");
    server.commit(name);
    const auto report = build(lines);
    QCOMPARE(report.states(), u"CDD"_s);
    QCOMPARE(report.allOutput(), QByteArray("two"));
    QCOMPARE(build(u"ADD %1?submodules=false /app\n"_s.arg(server.url(name))).states(), u"CD"_s);
}

void TestBuildGit::isRefusedWhereItMustBe()
{
    VERIFY_CONTAINS(build(u"COPY git@host:x/y.git /\n"_s).error(),
                    u"Dockerfile:2:1: source can't be a git ref for COPY"_s);
    VERIFY_CONTAINS(build(u"ADD --keep-git-dir=false https://host/x.git?keep-git-dir=true /\n"_s).error(),
                    u"inconsistent keep-git-dir configuration"_s);
    VERIFY_CONTAINS(build(u"ADD https://host/x.git?nothing=1 /\n"_s).error(),
                    u"unexpected query \"nothing\""_s);
    VERIFY_CONTAINS(build(u"ADD github.com/moby/buildkit /\n"_s).error(), u"not found"_s); // A path.
    const auto dead = build(u"ADD http://me:s3cret@127.0.0.1:%1/x.git /\n"_s.arg(test::freePort()));
    QVERIFY(!dead.result);
    QVERIFY2(!dead.error().contains(u"s3cret"_s), qPrintable(dead.error()));
}

QTEST_GUILESS_MAIN(TestBuildGit)
#include "tst_buildgit.moc"
