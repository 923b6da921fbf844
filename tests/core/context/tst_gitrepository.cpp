#include "core/context/gitrepository.h"
#include "tests/support/gitserver.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <sys/stat.h>
#include <thread>
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
    void passwordsAreNeverTold();
    void nobodyIsAsked();
    void canBeStopped();
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

void TestGitRepository::passwordsAreNeverTold()
{
    // A git in front of the real one that writes down how it is called.
    const QTemporaryDir folder;
    const QString log = folder.filePath(u"log"_s);
    QFile script(folder.filePath(u"git"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho \"$@\" >> " + log.toUtf8() + "\nPATH=$REAL_PATH exec git \"$@\"\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const QByteArray path = qgetenv("PATH");
    qputenv("REAL_PATH", path);
    qputenv("PATH", folder.path().toUtf8() + ':' + path);
    const auto commit =
        resolveGitCommit(*parseGitSource(u"http://me:s3cret@127.0.0.1:%1/x.git"_s.arg(test::freePort())), {});
    qputenv("PATH", path);
    QVERIFY(!commit);
    QVERIFY2(!commit.error().text().contains(u"s3cret"_s), qPrintable(commit.error().text()));
    QVERIFY(commit.error().text().contains(u"127.0.0.1"_s));
    QVERIFY(content(log).contains("ls-remote"));
    QVERIFY(!content(log).contains("s3cret"));
}

namespace {

/// The outcome of resolveGitCommit on a thread of its own, as the servers below live on this one.
class Resolving
{
public:
    explicit Resolving(const GitSource &source)
        : m_thread([this, source](std::stop_token stop) {
              m_result = resolveGitCommit(source, std::move(stop));
              m_done = true;
          })
    {
    }
    [[nodiscard]] bool isDone() const { return m_done; }
    void stop() { m_thread.request_stop(); }
    [[nodiscard]] const Result<QString> &result() const { return m_result; }

private:
    Result<QString> m_result;
    std::atomic_bool m_done = false;
    std::jthread m_thread;
};

} // namespace

void TestGitRepository::nobodyIsAsked()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, &server, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->write("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                          "Content-Length: 0\r\nConnection: close\r\n\r\n");
            socket->disconnectFromHost();
        });
    });
    Resolving resolving(*parseGitSource(u"http://127.0.0.1:%1/x.git"_s.arg(server.serverPort())));
    QTRY_VERIFY_WITH_TIMEOUT(resolving.isDone(), 20'000);
    QVERIFY(!resolving.result());
    QVERIFY2(resolving.result().error().text().contains(u"terminal prompts disabled"_s),
             qPrintable(resolving.result().error().text()));
}

void TestGitRepository::canBeStopped()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Resolving resolving(*parseGitSource(u"git://127.0.0.1:%1/x"_s.arg(silent.serverPort())));
    QTRY_VERIFY_WITH_TIMEOUT(silent.hasPendingConnections(), 20'000);
    QVERIFY(!resolving.isDone());
    QTcpSocket *socket = silent.nextPendingConnection();
    resolving.stop();
    QTRY_VERIFY_WITH_TIMEOUT(resolving.isDone(), 10'000);
    QCOMPARE(resolving.result().error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState); // git is gone, too.
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
