#include "core/sessions/branches.h"
#include "core/sessions/database.h"
#include "core/sessions/freesessions.h"
#include "core/sessions/sessionlist.h"
#include "core/sessions/sessionnames.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

/// Sessions that people work in, without an engine: what a history means.
class FreeSessionsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<SessionStore> m_store;

    HistoryEntry used(const QString &session, const QString &image = u"base"_s)
    {
        return FreeSessions(*m_store).use(session, image, u"busybox"_s).value_or(HistoryEntry());
    }
    [[nodiscard]] WorkingState working(const QString &session)
    {
        return FreeSessions(*m_store).working(session).value_or(WorkingState());
    }
    HistoryEntry ran(const QString &session, const QString &image, int exitCode = 0)
    {
        return FreeSessions(*m_store)
            .recordRun(session, working(session), {.title = u"cmd"_s, .image = image, .exitCode = exitCode})
            .value_or(HistoryEntry());
    }
    [[nodiscard]] SessionView view(const QString &session)
    {
        return Branches(*m_store).view(session).value_or(SessionView());
    }
    Result<qint64> rollback(const QString &session, const QString &where)
    {
        return Position::parse(where).and_then(
            [&](const Position &position) { return Branches(*m_store).rollback(session, position); });
    }

private Q_SLOTS:
    void init()
    {
        auto opened = SessionStore::open(
            m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()) + u".db"_s), u"local"_s);
        QVERIFY(opened);
        m_store = *std::move(opened);
    }

    void runsMoveTheBranchOnWhateverTheirExitCode()
    {
        const HistoryEntry start = used(u"s"_s);
        QCOMPARE(start.kind, kind::use);
        QCOMPARE(ran(u"s"_s, u"one"_s).parent, start.id);
        const HistoryEntry failed = ran(u"s"_s, u"two"_s, 3);
        QCOMPARE(working(u"s"_s).head.image, u"two"_s);
        QCOMPARE(view(u"s"_s).head(), failed.id);
        QCOMPARE(view(u"s"_s).entries.last().exitCode, 3);
        QVERIFY(!view(u"s"_s).entries.first().exitCode);
    }

    void disposableRunsStayBesideTheBranch()
    {
        const HistoryEntry start = used(u"s"_s);
        const auto entry = FreeSessions(*m_store).recordRun(
            u"s"_s, working(u"s"_s),
            {.title = u"ls"_s, .image = u"base"_s, .operation = u"op"_s, .disposable = true});
        QVERIFY(entry);
        QCOMPARE(entry->parent, start.id);
        QCOMPARE(view(u"s"_s).head(), start.id);
        QVERIFY(view(u"s"_s).branches.contains(Branch{u"disposable-op"_s, entry->id}));
    }

    void folderAndVariablesFollowTheHistory()
    {
        FreeSessions sessions(*m_store);
        used(u"s"_s);
        QVERIFY(sessions.changeFolder(u"s"_s, u"/srv"_s));
        QVERIFY(sessions.changeVariables(u"s"_s, {{u"A"_s, u"1"_s}, {u"B"_s, u""_s}}));
        QVERIFY(sessions.changeVariables(u"s"_s, {{u"A"_s, u"2"_s}, {u"B"_s, std::nullopt}}));
        WorkingState state = working(u"s"_s);
        QCOMPARE(state.cwd, u"/srv"_s);
        QCOMPARE(state.variables, (QMap<QString, QString>{{u"A"_s, u"2"_s}}));
        QCOMPARE(state.head.image, u"base"_s);
        QVERIFY2(!view(u"s"_s).entries.last().title.contains(u'2'), "a value is shown");

        QVERIFY(rollback(u"s"_s, u"-1"_s));
        state = working(u"s"_s);
        QCOMPARE(state.variables, (QMap<QString, QString>{{u"A"_s, u"1"_s}, {u"B"_s, u""_s}}));
        used(u"s"_s, u"other"_s);
        state = working(u"s"_s);
        QCOMPARE(state.cwd, QString());
        QVERIFY(state.variables.isEmpty());
        QCOMPARE(state.head.image, u"other"_s);
    }

    void filesWaitForTheNextRun()
    {
        FreeSessions sessions(*m_store);
        used(u"s"_s);
        const PendingFile first{u"/a"_s, u"f1"_s, 0644, 1};
        const PendingFile newer{u"/a"_s, u"f2"_s, 0755, 2};
        const PendingFile other{u"/b"_s, u"f3"_s, 0600, 3};
        QVERIFY(sessions.addFiles(u"s"_s, {first, other}));
        QVERIFY(sessions.addFiles(u"s"_s, {newer}));
        QCOMPARE(working(u"s"_s).files, (QList<PendingFile>{newer, other}));
        (void)ran(u"s"_s, u"one"_s);
        QVERIFY(working(u"s"_s).files.isEmpty());
        QVERIFY(rollback(u"s"_s, u"HEAD~2"_s));
        QCOMPARE(working(u"s"_s).files, (QList<PendingFile>{first, other}));
    }

    void placesAreWrittenInManyForms_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("entry"); // 0: none. Entries 1-2-3 on the branch, 4 a newer child of 2.
        QTest::newRow("@") << u"@"_s << qint64(3);
        QTest::newRow(":") << u":"_s << qint64(3);
        QTest::newRow("HEAD") << u"HEAD"_s << qint64(3);
        QTest::newRow("-2") << u"-2"_s << qint64(1);
        QTest::newRow("@-1") << u"@-1"_s << qint64(2);
        QTest::newRow("HEAD~1") << u"HEAD~1"_s << qint64(2);
        QTest::newRow("4") << u"4"_s << qint64(4);
        QTest::newRow("@4") << u"@4"_s << qint64(4);
        QTest::newRow("-3") << u"-3"_s << qint64(0);
        QTest::newRow("+1") << u"+1"_s << qint64(0);
        QTest::newRow("9") << u"9"_s << qint64(0);
        for (const char *wrong : {"", "x", "--1", "HEAD~", "@x", "1.5", "99999999999999999999", "+"})
            QTest::newRow(wrong) << QString::fromLatin1(wrong) << qint64(0);
    }

    void placesAreWrittenInManyForms()
    {
        QFETCH(const QString, text);
        QFETCH(const qint64, entry);
        const QList<HistoryEntry> entries{
            {.id = 1, .image = {}, .parent = 0},
            {.id = 2, .image = {}, .parent = 1},
            {.id = 3, .image = {}, .parent = 2},
            {.id = 4, .image = {}, .parent = 2},
        };
        const auto found = Position::parse(text).and_then(
            [&](const Position &position) { return position.find(entries, 3); });
        QCOMPARE(found.value_or(0), entry);
        QVERIFY(found || !found.error().next.isEmpty());
    }

    void forwardTakesTheNewestChild()
    {
        used(u"s"_s);
        (void)ran(u"s"_s, u"one"_s);
        QVERIFY(rollback(u"s"_s, u"-1"_s));
        const HistoryEntry second = ran(u"s"_s, u"two"_s);
        QVERIFY(rollback(u"s"_s, u"-1"_s));
        QCOMPARE(rollback(u"s"_s, u"@+1"_s).value_or(0), second.id);
        QCOMPARE(working(u"s"_s).head.image, u"two"_s);
        QCOMPARE(view(u"s"_s).entries.size(), 3);
        const auto before = view(u"s"_s).head();
        QVERIFY(!rollback(u"s"_s, u"-9"_s));
        QCOMPARE(view(u"s"_s).head(), before);
    }

    void branchesGoTheirOwnWays()
    {
        Branches branches(*m_store);
        const HistoryEntry start = used(u"s"_s);
        const HistoryEntry onMain = ran(u"s"_s, u"one"_s);
        QVERIFY(branches.create(u"s"_s, u"try"_s, start.id));
        QCOMPARE(view(u"s"_s).activeBranch, u"main"_s);
        QVERIFY(branches.checkout(u"s"_s, u"try"_s));
        const HistoryEntry onTry = ran(u"s"_s, u"two"_s);
        QCOMPARE(onTry.parent, start.id);
        QVERIFY(branches.checkout(u"s"_s, u"main"_s));
        QCOMPARE(view(u"s"_s).head(), onMain.id);

        QCOMPARE(branches.create(u"s"_s, u"try"_s, start.id).error().kind, ErrorKind::BadInput);
        QCOMPARE(branches.create(u"s"_s, u"x"_s, 999).error().kind, ErrorKind::NotFound);
        QCOMPARE(branches.create(u"none"_s, u"x"_s, start.id).error().kind, ErrorKind::NotFound);
        QCOMPARE(branches.checkout(u"s"_s, u"none"_s).error().kind, ErrorKind::NotFound);
        for (const QString &bad : {u""_s, u"a b"_s, u"-x"_s, u"layer:1"_s, u"a\nb"_s})
            QVERIFY2(!branches.create(u"s"_s, bad, start.id), qPrintable(bad));
    }

    void sessionsOfBuildsAreOnlyLookedAt()
    {
        const auto layer =
            m_store->record(u"build:1"_s, u"layer:1"_s, {.image = u"i"_s, .kind = kind::build});
        QVERIFY(layer);
        FreeSessions sessions(*m_store);
        QVERIFY(!sessions.use(u"build:1"_s, u"i"_s, u"x"_s));
        QVERIFY(!sessions.working(u"build:1"_s));
        QVERIFY(!SessionList(*m_store).rename(u"build:1"_s, u"mine"_s));
        QVERIFY(Branches(*m_store).create(u"build:1"_s, u"here"_s, layer->id));
        QVERIFY(Branches(*m_store).checkout(u"build:1"_s, u"layer:1"_s));
        QVERIFY(!rollback(u"build:1"_s, u"@"_s));
    }

    void deletedSessionsComeBackUntilTheyArePurged()
    {
        SessionList list(*m_store);
        used(u"s"_s);
        (void)ran(u"s"_s, u"one"_s);
        QVERIFY(m_store->rememberLayer(u"s"_s, {.key = "k", .image = u"i"_s}));
        const auto key = list.remove(u"s"_s);
        QVERIFY(key);
        QVERIFY(list.list()->isEmpty());
        QVERIFY(!m_store->layer(u"s"_s, "k"));
        QCOMPARE(list.deleted()->size(), 1);
        QCOMPARE(list.deleted()->first().name, u"s"_s);

        used(u"s"_s, u"new"_s);
        QVERIFY(!list.restore(*key)); // The name is used again.
        QVERIFY(list.rename(u"s"_s, u"newer"_s));
        QCOMPARE(list.restore(*key).value_or(QString()), u"s"_s);
        QCOMPARE(working(u"s"_s).head.image, u"one"_s);
        QVERIFY(m_store->layer(u"s"_s, "k"));
        QCOMPARE(working(u"newer"_s).head.image, u"new"_s);

        QVERIFY(FreeSessions(*m_store).addFiles(u"s"_s, {{u"/a"_s, u"f"_s}}));
        const auto again = list.remove(u"s"_s);
        QVERIFY(list.purge(QDateTime::currentDateTimeUtc().addDays(-1)));
        QCOMPARE(list.deleted()->size(), 1);
        QVERIFY(list.purge(QDateTime::currentDateTimeUtc().addSecs(1)));
        QVERIFY(list.deleted()->isEmpty());
        QVERIFY(!list.restore(*again));
        QCOMPARE(list.list()->size(), 1);
        QVERIFY(!m_store->database().row(u"SELECT 1 FROM session_files"_s));
    }

    void renamingRefusesWhatIsTaken()
    {
        SessionList list(*m_store);
        used(u"a"_s);
        used(u"b"_s);
        QVERIFY(!list.rename(u"a"_s, u"b"_s));
        QVERIFY(!list.rename(u"none"_s, u"c"_s));
        QVERIFY(!list.rename(u"a"_s, u"build:x"_s));
        QVERIFY(!list.rename(u"a"_s, u"deleted:x"_s));
        QVERIFY(list.rename(u"a"_s, u"c"_s));
        QCOMPARE(working(u"c"_s).head.image, u"base"_s);
    }

    void sessionsAreNamedByFolderAndTerminal()
    {
        qputenv("CONTREE_SESSION", "theirs");
        QCOMPARE(defaultSessionName(), u"theirs"_s);
        qputenv("COOPERAGE_SESSION", "ours");
        QCOMPARE(defaultSessionName(), u"ours"_s);
        qunsetenv("COOPERAGE_SESSION");
        qunsetenv("CONTREE_SESSION");
        const QString name = defaultSessionName();
        QCOMPARE(defaultSessionName(), name);
        QVERIFY2(checkSessionName(name), qPrintable(name));
        QVERIFY(name.startsWith(QDir::current().dirName() + u'+'));
    }

    void tenThousandLayersAreListedQuickly()
    {
        QVERIFY(m_store->database().inTransaction([&]() -> Result<> {
            for (int i = 1; i <= 10'000; ++i) {
                const auto entry = m_store->database().write(
                    u"INSERT INTO session_history (engine, session_key, image_uuid, kind, title, created_at) "
                    "VALUES ('local', 'build:x', 'i', 'build', 'RUN', '')"_s);
                const auto branch = m_store->database().write(
                    u"INSERT INTO session_branches VALUES ('local', 'build:x', ?, ?)"_s,
                    {u"layer:%1"_s.arg(i), i});
                if (!entry || !branch)
                    return entry ? branch : entry;
            }
            return m_store->database().write(
                u"INSERT INTO session_state (engine, session_key, updated_at) VALUES ('local', 'build:x', '')"_s);
        }));
        QElapsedTimer timer;
        timer.start();
        const auto listed = SessionList(*m_store).list(u"build:"_s);
        const auto listing = timer.restart();
        const auto all = Branches(*m_store).view(u"build:x"_s);
        qInfo("listing %lld ms, reading everything %lld ms", listing, timer.elapsed());
        QCOMPARE(listed->first().branches, 10'000);
        QCOMPARE(all->entries.size(), 10'000);
        QCOMPARE(all->branches.size(), 10'000);
    }
};

QTEST_GUILESS_MAIN(FreeSessionsTest)
#include "tst_freesessions.moc"
