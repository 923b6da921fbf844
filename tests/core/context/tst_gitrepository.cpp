#include "core/context/gitrepository.h"
#include "tests/support/gitserver.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

// Commits and checkouts of a real git daemon.
class TestGitRepository : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesBecomeCommits_data();
    void namesBecomeCommits();
    void unknownNamesAreSaid();
    void expectedCommitsAreCompared();
    void filesHavePlainModes();
    void gitFolderStaysOnlyIfAsked();
    void foldersOfTheRepository();
    void foldersBehindLinksStayInside();
    void oldCommitsAreFetchedWithTheirHistory();
    void submodulesComeAlong();
    void repositoriesOfThisMachineAreNoSubmodules();
    void namesAreNeverOptions();
    void tellsItsProgress();

private:
    [[nodiscard]] GitSource source(const QString &rest = {}, const QString &name = u"plain"_s) const
    {
        return *parseGitSource(m_server.url(name) + rest);
    }
    [[nodiscard]] static QByteArray content(const QString &file)
    {
        QFile opened(file);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray("(none)");
    }
    [[nodiscard]] Result<QString> checkOut(const GitSource &source, const QString &commit, bool keep = false)
    {
        m_target = std::make_unique<QTemporaryDir>();
        return checkOutGit(source, commit, keep, m_target->path(), {}, {});
    }

    test::GitServer m_server;
    std::unique_ptr<QTemporaryDir> m_target;
    QString m_first;
    QString m_branch;
    QString m_last;
};

#define VERIFY_DONE(result)                                                                                  \
    do {                                                                                                     \
        const auto &verified = (result);                                                                     \
        QVERIFY2(verified, qPrintable(verified ? QString() : verified.error().text()));                      \
    } while (false)

void TestGitRepository::initTestCase()
{
    if (!test::GitServer::isPossible())
        QSKIP("git or its daemon is not installed");
    VERIFY_DONE(m_server.start());
    const QString folder = m_server.repository(u"plain"_s);
    m_server.write(u"plain"_s, u"a.txt"_s, "first");
    m_first = m_server.commit(u"plain"_s);
    m_server.git(u"plain"_s, {u"tag"_s, u"-a"_s, u"-m"_s, u"x"_s, u"v1"_s});
    m_server.git(u"plain"_s, {u"tag"_s, u"both"_s});
    m_server.git(u"plain"_s, {u"branch"_s, u"side"_s});
    m_server.write(u"plain"_s, u"a.txt"_s, "second");
    m_branch = m_server.commit(u"plain"_s);
    m_server.git(u"plain"_s, {u"branch"_s, u"both"_s});
    m_server.git(u"plain"_s, {u"update-ref"_s, u"refs/pull/42/head"_s, m_branch});
    m_server.write(u"plain"_s, u"a.txt"_s, "third");
    m_server.write(u"plain"_s, u"dir/run.sh"_s, "#!/bin/sh\n");
    QVERIFY(::chmod(QFile::encodeName(folder + u"/dir/run.sh"_s).constData(), 0700) == 0);
    QVERIFY(::symlink("a.txt", QFile::encodeName(folder + u"/link"_s).constData()) == 0);
    QVERIFY(::symlink("/etc", QFile::encodeName(folder + u"/out"_s).constData()) == 0);
    m_last = m_server.commit(u"plain"_s);
}

void TestGitRepository::namesBecomeCommits_data()
{
    QTest::addColumn<QString>("rest");
    QTest::addColumn<QString>("commit");
    QTest::newRow("default branch") << QString() << m_last;
    QTest::newRow("branch") << u"#side"_s << m_first;
    QTest::newRow("tag with a message") << u"#v1"_s << m_first;
    QTest::newRow("a branch wins over a tag") << u"#both"_s << m_branch;
    QTest::newRow("the tag") << u"?tag=both"_s << m_first;
    QTest::newRow("pull request") << u"#pull/42/head"_s << m_branch;
    QTest::newRow("full name") << u"#refs/heads/side"_s << m_first;
    QTest::newRow("commit") << u'#' + m_branch << m_branch;
}

void TestGitRepository::namesBecomeCommits()
{
    QFETCH(QString, rest);
    const auto commit = resolveGitCommit(source(rest), {});
    VERIFY_DONE(commit);
    QTEST(*commit, "commit");
}

void TestGitRepository::unknownNamesAreSaid()
{
    const auto commit = resolveGitCommit(source(u"#none"_s), {});
    QVERIFY(!commit);
    QCOMPARE(commit.error().kind, ErrorKind::NotFound);
    QCOMPARE(commit.error().what, u"repository does not contain ref none"_s);
    const auto missing = checkOut(source(), QString(40, u'a'));
    QVERIFY(!missing);
    QVERIFY(!resolveGitCommit(source({}, u"nothing"_s), {}));
}

void TestGitRepository::expectedCommitsAreCompared()
{
    VERIFY_DONE(resolveGitCommit(source(u"?checksum="_s + m_last.first(8)), {}));
    const auto wrong = resolveGitCommit(source(u"?checksum=%1#side"_s.arg(m_last)), {});
    QVERIFY(!wrong);
    QVERIFY2(wrong.error().what.startsWith(u"expected checksum to match "_s + m_last),
             qPrintable(wrong.error().text()));
}

void TestGitRepository::filesHavePlainModes()
{
    const mode_t before = ::umask(077);
    const auto folder = checkOut(source(), m_last);
    ::umask(before);
    VERIFY_DONE(folder);
    const auto mode = [&](const QString &name) {
        struct stat info{};
        return ::lstat(QFile::encodeName(*folder + name).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
    };
    QCOMPARE(mode(u"/a.txt"_s), 0644U);
    QCOMPARE(mode(u"/dir"_s), 0755U);
    QCOMPARE(mode(u"/dir/run.sh"_s), 0755U);
    QCOMPARE(QFile::symLinkTarget(*folder + u"/out"_s), u"/etc"_s);
    QCOMPARE(content(*folder + u"/a.txt"_s), QByteArray("third"));
}

void TestGitRepository::gitFolderStaysOnlyIfAsked()
{
    const auto without = checkOut(source(), m_last);
    VERIFY_DONE(without);
    QVERIFY(!QFile::exists(*without + u"/.git"_s));
    const auto with = checkOut(source(u"#side"_s), m_first, true);
    VERIFY_DONE(with);
    QVERIFY(content(*with + u"/.git/config"_s).contains(m_server.url(u"plain"_s).toUtf8()));
    QCOMPARE(content(*with + u"/.git/HEAD"_s).trimmed(), m_first.toUtf8());
}

void TestGitRepository::foldersOfTheRepository()
{
    const auto folder = checkOut(source(u"#:dir"_s), m_last);
    VERIFY_DONE(folder);
    QCOMPARE(QDir(*folder).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{u"run.sh"_s});
    const auto missing = checkOut(source(u"#:none"_s), m_last);
    QVERIFY(!missing);
    QVERIFY(missing.error().what.contains(u"\"none\""_s));
}

void TestGitRepository::foldersBehindLinksStayInside()
{
    QVERIFY(!checkOut(source(u"#:out"_s), m_last));
    QVERIFY(!checkOut(source(u"#:link"_s), m_last)); // A file.
}

void TestGitRepository::oldCommitsAreFetchedWithTheirHistory()
{
    const auto folder = checkOut(source(u'#' + m_branch), m_branch);
    VERIFY_DONE(folder);
    QCOMPARE(content(*folder + u"/a.txt"_s), QByteArray("second"));
}

void TestGitRepository::submodulesComeAlong()
{
    m_server.repository(u"inner"_s);
    m_server.write(u"inner"_s, u"i.txt"_s, "inner");
    m_server.commit(u"inner"_s);
    m_server.repository(u"outer"_s);
    m_server.git(u"outer"_s, {u"submodule"_s, u"--quiet"_s, u"add"_s, m_server.url(u"inner"_s), u"sub/i"_s});
    const QString commit = m_server.commit(u"outer"_s);
    const auto with = checkOut(source({}, u"outer"_s), commit);
    VERIFY_DONE(with);
    QCOMPARE(content(*with + u"/sub/i/i.txt"_s), QByteArray("inner"));
    const auto without = checkOut(source(u"?submodules=0"_s, u"outer"_s), commit);
    VERIFY_DONE(without);
    QCOMPARE(content(*without + u"/sub/i/i.txt"_s), QByteArray("(none)"));
}

void TestGitRepository::repositoriesOfThisMachineAreNoSubmodules()
{
    const QString secret = m_server.repository(u"secret"_s);
    m_server.write(u"secret"_s, u"s.txt"_s, "secret");
    m_server.commit(u"secret"_s);
    m_server.repository(u"sneaky"_s);
    m_server.git(u"sneaky"_s, {u"submodule"_s, u"--quiet"_s, u"add"_s, u"file://"_s + secret, u"s"_s});
    const auto folder = checkOut(source({}, u"sneaky"_s), m_server.commit(u"sneaky"_s));
    QVERIFY(!folder);
    QVERIFY2(folder.error().text().contains(u"'file' not allowed"_s), qPrintable(folder.error().text()));
}

void TestGitRepository::namesAreNeverOptions()
{
    const QTemporaryDir folder;
    const QString trap = folder.filePath(u"trap"_s);
    for (const QString &name : {u"--upload-pack=touch "_s + trap, u"-u"_s, u"x; touch "_s + trap,
                                u"$(touch %1)"_s.arg(trap), u"a\nb"_s, u"*"_s, u"refs/../x"_s}) {
        GitSource hostile = source();
        hostile.ref = name;
        const auto commit = resolveGitCommit(hostile, {});
        QVERIFY2(!commit, qPrintable(name));
        QCOMPARE(commit.error().kind, ErrorKind::NotFound);
    }
    QVERIFY(!QFile::exists(trap));
}

void TestGitRepository::tellsItsProgress()
{
    QStringList told;
    const QTemporaryDir target;
    const GitProgress progress = [&told](int percent, const QString &what) {
        told << u"%1 %2"_s.arg(what).arg(percent);
    };
    VERIFY_DONE(checkOutGit(source(), m_last, false, target.path(), progress, {}));
    QVERIFY2(!told.isEmpty(), "nothing was told");
}

QTEST_GUILESS_MAIN(TestGitRepository)
#include "tst_gitrepository.moc"
