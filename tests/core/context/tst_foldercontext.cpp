#include "contexttree.h"
#include "core/context/foldercontext.h"

#include <QElapsedTimer>
#include <QSemaphore>
#include <QTest>
#include <QThreadPool>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestFolderContext : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNoFolder();
    void takesTheDockerfilesOwnIgnoreFileFirst();
    void reportsBadIgnoreFiles();
    void neverReadsAnIgnoreFileOutside();
    void scansInPathOrder();
    void scansWithoutIgnoredThings();
    void scansIgnoredFoldersForReincludedFiles();
    void scansLinksAsLinks();
    void leavesOutSockets();
    void reportsUnreadableFolders();
    void doesNotOpenIgnoredFolders();
    void reportsNamesThatAreNotUtf8();
    void stopsWhenAsked();
    void hashesWhileAllThreadsOfTheCommonPoolWait();
    void isQuickWithManyFiles();
};

static std::unique_ptr<FolderContext> opened(const ContextTree &tree,
                                             const FolderContextOptions &options = {})
{
    auto context = FolderContext::open(tree.path(), options);
    if (!context)
        qWarning("%s", qPrintable(context.error().text()));
    return context ? *std::move(context) : nullptr;
}

static QStringList scanned(const ContextTree &tree, const FolderContextOptions &options = {})
{
    const auto context = opened(tree, options);
    QStringList paths;
    const auto entries = context ? context->scan() : Result<QList<Entry>>();
    if (!entries)
        return {entries.error().text()};
    for (const Entry &entry : *entries)
        paths.append(entry.path);
    return paths;
}

// Root may read everything: for as long as this lives the process is somebody else.
class Unprivileged
{
public:
    Unprivileged() : m_root(::geteuid() == 0) { m_good = !m_root || ::seteuid(65534) == 0; }
    ~Unprivileged()
    {
        if (m_root && ::seteuid(0) != 0)
            qFatal("cannot become root again");
    }
    [[nodiscard]] bool works() const { return m_good; }

private:
    bool m_root = false;
    bool m_good = false;
};

static bool openToAll(const ContextTree &tree)
{
    return ::chmod(tree.path().toUtf8().constData(), 0755) == 0 &&
           ::chmod(QFileInfo(tree.path()).path().toUtf8().constData(), 0755) == 0;
}

void TestFolderContext::refusesWhatIsNoFolder()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"f"_s));
    const auto missing = FolderContext::open(tree.at(u"none"_s));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    QCOMPARE(missing.error().where, tree.at(u"none"_s));
    const auto file = FolderContext::open(tree.at(u"f"_s));
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::BadInput);

    QVERIFY(tree.link(tree.path(), u"../link"_s));
    const auto link = FolderContext::open(tree.at(u"../link"_s));
    QVERIFY(link);
    QCOMPARE((*link)->root(), tree.path());
}

void TestFolderContext::takesTheDockerfilesOwnIgnoreFileFirst()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"a"_s, u"b"_s, u"../docker/web.Dockerfile"_s}));
    QVERIFY(tree.file(u".dockerignore"_s, "a\n"));
    const FolderContextOptions options{.dockerfile = tree.at(u"../docker/web.Dockerfile"_s)};
    QCOMPARE(scanned(tree, options), QStringList({u".dockerignore"_s, u"b"_s}));
    QVERIFY(tree.file(u"../docker/web.Dockerfile.dockerignore"_s, "b\n.dockerignore"));
    QCOMPARE(scanned(tree, options), QStringList({u"a"_s}));
    QCOMPARE(opened(tree, options)->rules().decide(u"b"_s)->rule->source, u"web.Dockerfile.dockerignore"_s);
}

void TestFolderContext::reportsBadIgnoreFiles()
{
    const ContextTree tree;
    QVERIFY(tree.file(u".dockerignore"_s, "ok\n[a\n"));
    const auto bad = FolderContext::open(tree.path());
    QVERIFY(!bad);
    QCOMPARE(bad.error().where, u".dockerignore:2"_s);

    const ContextTree other;
    QVERIFY(other.folder(u".dockerignore"_s));
    QVERIFY(!FolderContext::open(other.path()));
}

void TestFolderContext::neverReadsAnIgnoreFileOutside()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"../rules"_s, "a\n") && tree.file(u"a"_s) &&
            tree.link(u"../rules"_s, u".dockerignore"_s));
    QCOMPARE(scanned(tree), QStringList({u".dockerignore"_s, u"a"_s}));
    QVERIFY(tree.file(u"rules"_s, "a\n"));
    QCOMPARE(scanned(tree), QStringList({u".dockerignore"_s, u"rules"_s}));
}

void TestFolderContext::scansInPathOrder()
{
    const ContextTree tree;
    QVERIFY(tree.files(
        {u"b"_s, u"a/z"_s, u"a/b/c"_s, u"a-b"_s, u"é"_s, u"with space"_s, u"Z"_s, u"new\nline"_s}));
    QVERIFY(tree.folder(u"empty"_s) && ::chmod(tree.at(u"b"_s).toUtf8().constData(), 0640) == 0);
    QCOMPARE(scanned(tree), QStringList({u"Z"_s, u"a"_s, u"a/b"_s, u"a/b/c"_s, u"a/z"_s, u"a-b"_s, u"b"_s,
                                         u"empty"_s, u"new\nline"_s, u"with space"_s, u"é"_s}));
    const QList<Entry> entries = *opened(tree)->scan();
    QCOMPARE(entries[1].type, EntryType::Folder);
    QCOMPARE(entries[6].mode, 0640U);
    QCOMPARE(entries[6].size, 1);
    QVERIFY(entries[6].mtimeNs > 1'000'000'000'000'000'000);
}

void TestFolderContext::scansWithoutIgnoredThings()
{
    const ContextTree tree;
    QVERIFY(tree.files(
        {u"a.pyc"_s, u"src/.git/config"_s, u"src/x.c"_s, u"docs/a"_s, u"build/x"_s, u"dist/keep/a"_s}));
    QVERIFY(tree.file(u".dockerignore"_s, "docs\n.dockerignore\n!dist\n"));
    QCOMPARE(scanned(tree),
             QStringList({u"dist"_s, u"dist/keep"_s, u"dist/keep/a"_s, u"src"_s, u"src/x.c"_s}));
    const QStringList all = scanned(tree, {.builtInExcludes = false});
    QVERIFY(all.contains(u"build/x"_s) && all.contains(u"src/.git/config"_s) && !all.contains(u"docs/a"_s));
}

void TestFolderContext::scansIgnoredFoldersForReincludedFiles()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"docs/a/README.md"_s, u"docs/a/x"_s, u"docs/b/y"_s, u"other/z"_s}));
    QVERIFY(tree.file(u".dockerignore"_s, "*\n!docs/a/*.md\n"));
    QCOMPARE(scanned(tree), QStringList({u"docs"_s, u"docs/a"_s, u"docs/a/README.md"_s}));
}

void TestFolderContext::scansLinksAsLinks()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"../outside/secret"_s) && tree.link(u"../outside"_s, u"out"_s) &&
            tree.link(u"nowhere"_s, u"dangling"_s));
    QVERIFY(tree.link(u"."_s, u"loop"_s));
    QCOMPARE(scanned(tree), QStringList({u"dangling"_s, u"loop"_s, u"out"_s}));
    const QList<Entry> entries = *opened(tree)->scan();
    QCOMPARE(entries[2].type, EntryType::Symlink);
    QVERIFY(entries[0].linkTarget.endsWith(u"nowhere"_s));
}

void TestFolderContext::leavesOutSockets()
{
    const ContextTree tree;
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    qstrncpy(address.sun_path, tree.at(u"socket"_s).toUtf8().constData(), sizeof address.sun_path);
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto closeServer = qScopeGuard([server] { ::close(server); });
    QVERIFY(tree.file(u"a"_s));
    QVERIFY(::bind(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
    QCOMPARE(scanned(tree), QStringList({u"a"_s}));
    const auto resolved = opened(tree)->resolve(u"socket"_s);
    QVERIFY(!resolved);
    QCOMPARE(resolved.error().kind, ErrorKind::Unsupported);
    QCOMPARE(opened(tree)->resolve(u"."_s)->matches[0].items.size(), 1);
    QCOMPARE(opened(tree)->resolve(u"*"_s)->matches[0].items.size(), 1);
}

void TestFolderContext::reportsUnreadableFolders()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"a/closed/x"_s, u"b"_s}) && openToAll(tree));
    QVERIFY(::chmod(tree.at(u"a/closed"_s).toUtf8().constData(), 0) == 0 &&
            ::chmod(tree.at(u"b"_s).toUtf8().constData(), 0) == 0);
    const auto context = opened(tree);
    {
        const Unprivileged user;
        QVERIFY(user.works());
        const auto entries = context->scan();
        QVERIFY(!entries);
        QCOMPARE(entries.error().kind, ErrorKind::Denied);
        QCOMPARE(entries.error().where, tree.at(u"a/closed"_s));
        QVERIFY(!entries.error().next.isEmpty());
        const auto file = context->resolve(u"b"_s);
        QVERIFY(!file);
        QCOMPARE(file.error().kind, ErrorKind::Denied);
        QCOMPARE(file.error().where, tree.at(u"b"_s));
    }
    QVERIFY(::chmod(tree.at(u"a/closed"_s).toUtf8().constData(), 0755) == 0);
}

void TestFolderContext::doesNotOpenIgnoredFolders()
{
    const ContextTree tree;
    QVERIFY(tree.files({u"closed/x"_s, u"open/y"_s}) &&
            tree.file(u".dockerignore"_s, "!open\nclosed\n.dockerignore") && openToAll(tree));
    QVERIFY(::chmod(tree.at(u"closed"_s).toUtf8().constData(), 0) == 0);
    {
        const Unprivileged user;
        QVERIFY(user.works());
        QCOMPARE(scanned(tree), QStringList({u"open"_s, u"open/y"_s}));
    }
    QVERIFY(::chmod(tree.at(u"closed"_s).toUtf8().constData(), 0755) == 0);
}

void TestFolderContext::reportsNamesThatAreNotUtf8()
{
    const ContextTree tree;
    const QByteArray name = tree.path().toUtf8() + "/bad\xff"
                                                   "name";
    const int created = ::creat(name.constData(), 0644);
    if (created < 0)
        QSKIP("This file system has UTF-8 names only");
    ::close(created);
    const auto entries = opened(tree)->scan();
    QVERIFY(!entries);
    QCOMPARE(entries.error().kind, ErrorKind::BadInput);
    QVERIFY(tree.file(u".dockerignore"_s, "bad*\n"));
    QCOMPARE(scanned(tree), QStringList({u".dockerignore"_s}));
    QVERIFY(::unlink(name.constData()) == 0); // QTemporaryDir could not.
}

void TestFolderContext::stopsWhenAsked()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"a"_s));
    std::stop_source source;
    source.request_stop();
    const auto context = opened(tree);
    const auto entries = context->scan(source.get_token());
    QVERIFY(!entries);
    QCOMPARE(entries.error().kind, ErrorKind::Cancelled);
    const auto resolved = context->resolve(u"a"_s, {}, source.get_token());
    QVERIFY(!resolved);
    QCOMPARE(resolved.error().kind, ErrorKind::Cancelled);
}

// As stages do that a build prepares side by side.
void TestFolderContext::hashesWhileAllThreadsOfTheCommonPoolWait()
{
    QThreadPool *pool = QThreadPool::globalInstance();
    const int threads = pool->maxThreadCount();
    const ContextTree tree;
    for (int i = 0; i < threads; ++i) {
        QVERIFY(tree.file(u"%1/a"_s.arg(i)));
        QVERIFY(tree.file(u"%1/b"_s.arg(i)));
    }
    const auto context = opened(tree);
    QSemaphore begun;
    QSemaphore ended;
    for (int i = 0; i < threads; ++i) {
        pool->start([&, i] {
            begun.release();
            begun.acquire(threads); // Not before every thread of the pool is taken.
            begun.release(threads);
            if (context->resolve(QString::number(i)))
                ended.release();
        });
    }
    const bool done = ended.tryAcquire(threads, 60'000);
    if (!done)
        qFatal("they wait for each other"); // The pool's threads would not let the program end.
}

void TestFolderContext::isQuickWithManyFiles()
{
    constexpr int folders = 100;
    constexpr int each = 100;
    const ContextTree tree;
    for (int i = 0; i < folders; ++i) {
        for (int j = 0; j < each; ++j)
            QVERIFY(tree.file(u"src/d%1/file%2.txt"_s.arg(i).arg(j)));
    }
    const auto context = opened(tree, {.hashCacheFile = tree.at(u"../cache"_s)});
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(context->scan()->size(), folders * (each + 1) + 1);
    const qint64 scanTime = timer.restart();
    QCOMPARE(context->resolve(u"."_s)->matches[0].items.size(), folders * (each + 1) + 1);
    qInfo("%d files: scanned in %lld ms, resolved in %lld ms", folders * each, scanTime, timer.elapsed());
    QVERIFY(scanTime < 60'000);
}

QTEST_GUILESS_MAIN(TestFolderContext)
#include "tst_foldercontext.moc"
