#include "core/sessions/branches.h"
#include "core/sessions/freesessions.h"
#include "core/sessions/schema.h"
#include "core/sessions/sessionlist.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

/// Files that earlier versions of the program left.
class SchemaTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    // A version-1 file as that version's program wrote it.
    void makeFirstVersion(const QString &path)
    {
        QStringList statements = schemaSteps().first();
        statements
            << u"INSERT INTO session_history (engine, session_key, image_uuid, parent_id, kind, title, "
               "operation_uuid, created_at) VALUES ('embedded', 'build:1', 'base', NULL, 'build', 'FROM x', "
               "NULL, '2026-08-01T10:00:00.000Z'), ('embedded', 'build:1', 'top', 1, 'build', 'RUN y', 'op', "
               "'2026-08-01T10:00:01.000Z')"_s
            << u"INSERT INTO session_branches VALUES ('embedded', 'build:1', 'layer:a', 1), ('embedded', "
               "'build:1', 'layer:b', 2), ('embedded', 'build:1', 'main', 2)"_s
            << u"INSERT INTO session_state (engine, session_key, updated_at) VALUES ('embedded', 'build:1', "
               "'2026-08-01T10:00:01.000Z')"_s
            << u"INSERT INTO layer_cache VALUES ('embedded', 'build:1', 'key', 'top', 'RUN y', 7, '')"_s
            << u"INSERT INTO url_cache VALUES ('embedded', 'build:1', 'http://a', 'f', 'ab', 3, 'e', '', '', '')"_s
            << u"INSERT INTO base_images VALUES ('embedded', 'x', 'base', '')"_s;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"first"_s);
            database.setDatabaseName(path);
            QVERIFY(database.open());
            for (const QString &statement : std::as_const(statements))
                QVERIFY2(QSqlQuery(database).exec(statement), qPrintable(statement));
        }
        QSqlDatabase::removeDatabase(u"first"_s);
    }

private Q_SLOTS:
    void nothingOfAFirstVersionsFileIsLost()
    {
        const QString path = m_folder.filePath(u"first.db"_s);
        makeFirstVersion(path);
        for (int time = 0; time < 2; ++time) { // The second time it is of this version already.
            const auto store = SessionStore::open(path, u"embedded"_s);
            QVERIFY2(store, qPrintable(store ? QString() : store.error().text()));
            QCOMPARE((*store)->layer(u"build:1"_s, "key")->durationMs, 7);
            QCOMPARE((*store)->url(u"build:1"_s, u"http://a"_s)->etag, u"e"_s);
            QCOMPARE((*store)->baseImage(u"x"_s), u"base"_s);
            const auto view = Branches(**store).view(u"build:1"_s);
            QVERIFY(view);
            QCOMPARE(view->branches.size(), 3);
            QCOMPARE(view->head(), 2);
            QCOMPARE(view->entries.size(), 2);
            QCOMPARE(view->entries.last().operation, u"op"_s);
            QVERIFY(!view->entries.last().exitCode);
            QCOMPARE(SessionList(**store).list()->first().image, u"top"_s);
        }
    }

    void anUpgradedFileTakesAllThatIsNew()
    {
        const QString path = m_folder.filePath(u"second.db"_s);
        makeFirstVersion(path);
        const auto store = SessionStore::open(path, u"embedded"_s);
        QVERIFY(store);
        FreeSessions sessions(**store);
        QVERIFY(sessions.use(u"mine"_s, u"base"_s, u"x"_s));
        QVERIFY(sessions.changeVariables(u"mine"_s, {{u"A"_s, u"1"_s}}));
        QVERIFY(sessions.addFiles(u"mine"_s, {{u"/a"_s, u"f"_s}}));
        QVERIFY(SessionList(**store).remove(u"build:1"_s));
        QCOMPARE(SessionList(**store).list()->size(), 1);
    }

    void anUpgradeThatFailsChangesNothing()
    {
        const QString path = m_folder.filePath(u"third.db"_s);
        makeFirstVersion(path);
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"spoil"_s);
            database.setDatabaseName(path);
            QVERIFY(database.open());
            QVERIFY(
                QSqlQuery(database).exec(u"CREATE TABLE tag_journal (theirs)"_s)); // In the upgrade's way.
        }
        QSqlDatabase::removeDatabase(u"spoil"_s);
        QVERIFY(!SessionStore::open(path, u"embedded"_s));
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"look"_s);
            database.setDatabaseName(path);
            QVERIFY(database.open());
            QSqlQuery version(u"PRAGMA user_version"_s, database);
            QVERIFY(version.next());
            QCOMPARE(version.value(0).toInt(), 1);
            QVERIFY(!QSqlQuery(database).exec(u"SELECT exit_code FROM session_history"_s));
            QSqlQuery count(u"SELECT count(*) FROM session_history"_s, database);
            QVERIFY(count.next());
            QCOMPARE(count.value(0).toInt(), 2);
        }
        QSqlDatabase::removeDatabase(u"look"_s);
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "tst_sessionschema.moc"
