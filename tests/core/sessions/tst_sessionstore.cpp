#include "core/sessions/sessionlist.h"
#include "core/sessions/sessionstore.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

constexpr int writes = 50;

class TestSessionStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesBuildSessions();
    void remembersLayersPerEngineAndSession();
    void remembersUrls();
    void remembersBaseImages();
    void recordsHistoryOnBranches();
    void refusesAnUnknownParent();
    void keepsWhatWasWritten();
    void leavesADamagedFileAlone();
    void leavesANewerFileAlone();
    void leavesAnotherProgramsFileAlone();
    void saysWhereItCannotWrite();
    void isSharedByThreads();
    void isSharedByProcesses();
    void keepsItsLocksWhenItIsOpenedAgain();
    void leavesNoConnectionBehind();

private:
    QTemporaryDir m_folder;
    [[nodiscard]] QString file() const
    {
        return m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()) + u"/s.db"_s);
    }
    [[nodiscard]] static std::unique_ptr<SessionStore> store(const QString &file,
                                                             const QString &engine = u"local"_s);
};

std::unique_ptr<SessionStore> TestSessionStore::store(const QString &file, const QString &engine)
{
    auto opened = SessionStore::open(file, engine);
    if (!opened)
        qWarning("%s", qPrintable(opened.error().text()));
    return opened ? *std::move(opened) : nullptr;
}

static void writeMany(const QString &file, const QString &session)
{
    const auto opened = SessionStore::open(file, u"local"_s);
    if (!opened)
        qFatal("%s", qPrintable(opened.error().text()));
    for (int i = 0; i < writes; ++i) {
        const auto entry =
            (*opened)->record(session, u"main"_s, {.image = u"i"_s, .kind = u"run"_s, .title = u"t"_s});
        const auto layer = (*opened)->rememberLayer(session, {.key = QByteArray::number(i), .image = u"i"_s});
        if (!entry || !layer)
            qFatal("%s", qPrintable((entry ? layer.error() : entry.error()).text()));
    }
}

static void fill(const QString &path, const QByteArray &bytes)
{
    QFile out(path);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()) && out.open(QIODevice::WriteOnly));
    out.write(bytes);
}

static void runSql(const QString &path, const QStringList &statements)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"test"_s);
        database.setDatabaseName(path);
        QVERIFY(database.open());
        for (const QString &statement : statements)
            QVERIFY(QSqlQuery(database).exec(statement));
    }
    QSqlDatabase::removeDatabase(u"test"_s);
}

void TestSessionStore::namesBuildSessions()
{
    QVERIFY(!QFileInfo::exists(u"/srv/app"_s));
    QCOMPARE(buildSessionName(u"/srv/app"_s), u"build:dae668e4084f07b6"_s);
    QCOMPARE(buildSessionName(u"/srv/x/../app/"_s), u"build:dae668e4084f07b6"_s);

    const QString real = m_folder.filePath(u"real"_s);
    QVERIFY(QDir().mkpath(real) && QFile::link(real, m_folder.filePath(u"link"_s)));
    QCOMPARE(buildSessionName(m_folder.filePath(u"link"_s)), buildSessionName(real));
    QCOMPARE(layerBranchName("0123456789abcdef0123"), u"layer:0123456789abcdef"_s);
}

void TestSessionStore::remembersLayersPerEngineAndSession()
{
    const auto local = store(file());
    const auto other = store(file(), u"hosted"_s);
    const QByteArray key(64, 'a');
    QVERIFY(!local->layer(u"s"_s, key));
    QVERIFY(
        local->rememberLayer(u"s"_s, {.key = key, .image = u"one"_s, .title = u"RUN x"_s, .durationMs = 12}));
    QCOMPARE(local->layer(u"s"_s, key)->image, u"one"_s);
    QCOMPARE(local->layer(u"s"_s, key)->title, u"RUN x"_s);
    QCOMPARE(local->layer(u"s"_s, key)->durationMs, 12);
    QVERIFY(!local->layer(u"t"_s, key));
    QVERIFY(!other->layer(u"s"_s, key));
    QVERIFY(local->rememberLayer(u"s"_s, {.key = key, .image = u"two"_s}));
    QCOMPARE(local->layer(u"s"_s, key)->image, u"two"_s);
    QVERIFY(local->forgetLayer(u"s"_s, key));
    QVERIFY(!local->layer(u"s"_s, key));
}

void TestSessionStore::remembersUrls()
{
    const auto local = store(file());
    QVERIFY(!local->url(u"s"_s, u"https://a/b"_s));
    QVERIFY(local->rememberUrl(
        u"s"_s,
        {.url = u"https://a/b"_s, .fileUuid = u"f"_s, .sha256 = "ab", .size = 7, .etag = u"\"e\""_s}));
    const auto found = local->url(u"s"_s, u"https://a/b"_s);
    QVERIFY(found);
    QCOMPARE(found->fileUuid, u"f"_s);
    QCOMPARE(found->sha256, "ab"_ba);
    QCOMPARE(found->size, 7);
    QCOMPARE(found->etag, u"\"e\""_s);
    QVERIFY(found->lastModified.isEmpty());
}

void TestSessionStore::remembersBaseImages()
{
    const auto local = store(file());
    QVERIFY(!local->baseImage(u"alpine"_s));
    QVERIFY(local->rememberBaseImage(u"alpine"_s, u"one"_s));
    QVERIFY(local->rememberBaseImage(u"alpine"_s, u"two"_s));
    QCOMPARE(local->baseImage(u"alpine"_s), u"two"_s);
    QVERIFY(!store(file(), u"hosted"_s)->baseImage(u"alpine"_s));
}

void TestSessionStore::recordsHistoryOnBranches()
{
    const auto local = store(file());
    const auto first =
        local->record(u"s"_s, u"main"_s, {.image = u"a"_s, .kind = u"use"_s, .title = u"alpine"_s});
    const auto second =
        local->record(u"s"_s, u"main"_s, {.image = u"b"_s, .kind = u"run"_s, .operation = u"op"_s});
    const auto branched =
        local->record(u"s"_s, u"try"_s, {.image = u"c"_s, .parent = first->id, .kind = u"run"_s});
    const auto fresh = local->record(u"s"_s, u"layer:x"_s, {.image = u"d"_s, .kind = u"build"_s});
    QVERIFY(first && second && branched && fresh);
    QCOMPARE(second->parent, first->id);
    QCOMPARE(branched->parent, first->id);
    QCOMPARE(fresh->parent, 0);

    const auto history = local->history(u"s"_s);
    QVERIFY(history);
    QCOMPARE(history->size(), 4);
    QCOMPARE(history->at(1).id, second->id);
    QCOMPARE(history->at(1).operation, u"op"_s);
    QCOMPARE(history->at(0).title, u"alpine"_s);
    QCOMPARE(history->at(0).createdAt, first->createdAt);
    QVERIFY(local->history(u"none"_s)->isEmpty());
}

void TestSessionStore::refusesAnUnknownParent()
{
    const auto local = store(file());
    QVERIFY(local->record(u"other"_s, u"main"_s, {.image = u"a"_s}));
    const auto refused = local->record(u"s"_s, u"main"_s, {.image = u"a"_s, .parent = 1});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::NotFound);
    QVERIFY(local->history(u"s"_s)->isEmpty());
    QCOMPARE(SessionList(*local).list()->size(), 1);
}

void TestSessionStore::keepsWhatWasWritten()
{
    QVERIFY(store(file())->rememberBaseImage(u"x"_s, u"1"_s));
    QCOMPARE(store(file())->baseImage(u"x"_s), u"1"_s);
    QCOMPARE(QFile::permissions(file()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestSessionStore::leavesADamagedFileAlone()
{
    const QByteArray bytes(5000, 'x');
    fill(file(), bytes);
    const auto opened = SessionStore::open(file(), u"local"_s);
    QVERIFY(!opened);
    QCOMPARE(opened.error().where, file());
    QVERIFY(opened.error().what.contains(u"damaged"_s));
    QVERIFY(!opened.error().next.isEmpty());
    QFile left(file());
    QVERIFY(left.open(QIODevice::ReadOnly));
    QCOMPARE(left.readAll(), bytes);
}

void TestSessionStore::leavesANewerFileAlone()
{
    store(file()).reset();
    runSql(file(), {u"PRAGMA user_version=99"_s});
    const auto opened = SessionStore::open(file(), u"local"_s);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Unsupported);
    QCOMPARE(opened.error().where, file());
    QVERIFY(opened.error().what.contains(u"newer"_s));
}

void TestSessionStore::leavesAnotherProgramsFileAlone()
{
    runSql(file(), {u"CREATE TABLE theirs (a)"_s});
    const auto opened = SessionStore::open(file(), u"local"_s);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::BadInput);
}

void TestSessionStore::saysWhereItCannotWrite()
{
    fill(m_folder.filePath(u"plain"_s), "x");
    const auto opened = SessionStore::open(m_folder.filePath(u"plain/s.db"_s), u"local"_s);
    QVERIFY(!opened);
    QVERIFY(opened.error().where.startsWith(m_folder.path()));
    QVERIFY(!opened.error().next.isEmpty());
}

void TestSessionStore::isSharedByThreads()
{
    const QString path = file();
    std::jthread one(writeMany, path, u"one"_s);
    std::jthread two(writeMany, path, u"two"_s);
    one.join();
    two.join();
    QCOMPARE(store(path)->history(u"one"_s)->size(), writes);
    QCOMPARE(store(path)->history(u"two"_s)->size(), writes);
}

void TestSessionStore::isSharedByProcesses()
{
    QProcess processes[3];
    for (int i = 0; i < 3; ++i)
        processes[i].start(QCoreApplication::applicationFilePath(), {u"--write"_s, file(), u"p%1"_s.arg(i)});
    for (QProcess &process : processes) {
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }
    for (int i = 0; i < 3; ++i)
        QCOMPARE(store(file())->history(u"p%1"_s.arg(i))->size(), writes);
}

// The window opens the file for the engine's session and, for a moment, for each reading of the history.
void TestSessionStore::keepsItsLocksWhenItIsOpenedAgain()
{
    const QString path = file();
    const auto open = store(path);
    QVERIFY(open->record(u"mine"_s, u"main"_s, {.image = u"i"_s, .kind = u"run"_s, .title = u"t"_s}));
    QVERIFY(store(path));
    QCOMPARE(QProcess::execute(QCoreApplication::applicationFilePath(), {u"--write"_s, path, u"other"_s}), 0);
    // The other process was not the last user of the file, and so has left its log where it is.
    QVERIFY(QFile::exists(path + u"-wal"_s));
    QCOMPARE(open->history(u"other"_s)->size(), writes);
    QVERIFY(open->record(u"mine"_s, u"main"_s, {.image = u"i"_s, .kind = u"run"_s, .title = u"t"_s}));
    QCOMPARE(store(path)->history(u"mine"_s)->size(), 2);
}

void TestSessionStore::leavesNoConnectionBehind()
{
    {
        const auto one = store(file());
        const auto two = store(file());
        QVERIFY(one && two);
        QCOMPARE(QSqlDatabase::connectionNames().size(), 2);
    }
    QVERIFY(QSqlDatabase::connectionNames().isEmpty());
}

// The program is its own second process.
int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--write") {
        writeMany(arguments[2], arguments[3]);
        return 0;
    }
    TestSessionStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sessionstore.moc"
