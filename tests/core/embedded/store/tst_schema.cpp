#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/store.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <sys/xattr.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

// What version 1 of the engine made, with an image of two layers, of which one was imported.
static const char *const s_versionOne[] = {
    "CREATE TABLE layers (id TEXT PRIMARY KEY, diff_id TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL,"
    " allocated INTEGER NOT NULL, inodes INTEGER NOT NULL, xattrs TEXT NOT NULL, created_at INTEGER NOT "
    "NULL)",
    "CREATE INDEX layers_by_diff_id ON layers (diff_id) WHERE diff_id <> ''",
    "CREATE TABLE images (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,"
    " created_at INTEGER NOT NULL, operation TEXT NOT NULL DEFAULT '', config BLOB NOT NULL DEFAULT '',"
    " is_public INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL)",
    "CREATE INDEX images_by_time ON images (created_at DESC, seq DESC)",
    "CREATE TABLE image_layers (image INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,"
    " position INTEGER NOT NULL, layer TEXT NOT NULL REFERENCES layers, PRIMARY KEY (image, position))"
    " WITHOUT ROWID",
    "CREATE INDEX image_layers_by_layer ON image_layers (layer)",
    "CREATE TABLE tags (seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, is_public INTEGER NOT "
    "NULL,"
    " image INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, UNIQUE (name, is_public))",
    "CREATE INDEX tags_by_image ON tags (image)",
    "CREATE VIEW visible_tags AS SELECT * FROM tags t WHERE t.is_public = 0"
    " OR NOT EXISTS (SELECT 1 FROM tags o WHERE o.name = t.name AND o.is_public = 0)",
    "CREATE TABLE files (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,"
    " sha256 TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL)",
    "CREATE INDEX files_by_time ON files (created_at DESC, seq DESC)",
    "CREATE TABLE operations (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,"
    " started_at INTEGER, finished_at INTEGER, duration REAL NOT NULL DEFAULT 0, image TEXT NOT NULL DEFAULT "
    "'',"
    " result_image TEXT NOT NULL DEFAULT '', metadata TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX operations_by_time ON operations (created_at DESC, seq DESC)",
    "CREATE INDEX operations_by_status ON operations (status)",
    "INSERT INTO images VALUES (1, 'd3b07384-d113-4ec4-9b5b-0c5a1f2a3b4c', 1700000000000, '', '{}', 0, 7)",
    "INSERT INTO image_layers VALUES (1, 0, 'aaaaaaaa'), (1, 1, 'bbbbbbbb')",
    "INSERT INTO tags VALUES (1, 'old:1', 0, 1)",
    "PRAGMA user_version=1",
};

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void versionOneKeepsItsImagesAndFindsItsLayers();
    void interruptedUpgradeIsDoneAgain();
    void versionTwoLearnsOfLayersAsImages();

private:
    // The folder of a store as version 1 left it.
    static void makeVersionOne(const QString &folder);
    static void execute(const QString &folder, const QStringList &statements);
};

void TestSchema::execute(const QString &folder, const QStringList &statements)
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"one"_s);
        database.setDatabaseName(folder + u"/store.db"_s);
        QVERIFY(database.open());
        for (const QString &statement : statements) {
            QSqlQuery query(database);
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
        }
    }
    QSqlDatabase::removeDatabase(u"one"_s);
}

void TestSchema::makeVersionOne(const QString &folder)
{
    for (const char *name : {"aaaaaaaa", "bbbbbbbb"})
        QVERIFY(QDir().mkpath(folder + u"/layers/"_s + QLatin1StringView(name)));
    const std::string attribute = std::string(attributeKind()) + ".overlay.cooperage.chain";
    const std::string imported = QFile::encodeName(folder).toStdString() + "/layers/aaaaaaaa";
    if (::setxattr(imported.c_str(), attribute.c_str(), "sha256:chain", 12, 0) != 0)
        QSKIP("this file system has no extended attributes");
    QStringList statements;
    for (const char *statement : s_versionOne)
        statements << QString::fromLatin1(statement);
    const QString kind = QString::fromLatin1(attributeKind());
    statements << u"INSERT INTO layers VALUES ('aaaaaaaa', 'sha256:diff', 3, 4096, 1, '%1', 1)"_s.arg(kind)
               << u"INSERT INTO layers VALUES ('bbbbbbbb', '', 4, 4096, 1, '%1', 2)"_s.arg(kind);
    execute(folder, statements);
}

void TestSchema::versionOneKeepsItsImagesAndFindsItsLayers()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    makeVersionOne(path);
    for (int round = 0; round < 2; ++round) { // The second time there is nothing to bring up to date.
        const auto store = Store::open(path);
        QVERIFY2(store, store ? "" : qPrintable(store.error().text()));
        const auto image = (*store)->uuidOfTag(u"old:1"_s).and_then([&](const QString &uuid) {
            return (*store)->image(uuid);
        });
        QVERIFY(image);
        QCOMPARE(image->layers.size(), 2U);
        QVERIFY((*store)->layerByChain("sha256:chain") == image->layers[0]);
        const auto layers = (*store)->layers(*image);
        QVERIFY(layers && layers->at(0).diffId == "sha256:diff" && layers->at(1).diffId.isEmpty());
    }
}

// All of an upgrade is one transaction: where it cannot be finished the store stays as it was.
void TestSchema::interruptedUpgradeIsDoneAgain()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    makeVersionOne(path);
    execute(path, {u"CREATE TABLE layer_blobs (in_the_way)"_s});
    QVERIFY(!Store::open(path));
    execute(path, {u"DROP TABLE layer_blobs"_s});
    const auto store = Store::open(path);
    QVERIFY2(store, store ? "" : qPrintable(store.error().text()));
    QVERIFY((*store)->layerByChain("sha256:chain"));
}

// What came with version 3 taken away again.
void TestSchema::versionTwoLearnsOfLayersAsImages()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    makeVersionOne(path);
    QVERIFY(Store::open(path));
    execute(path, {u"DROP VIEW unlisted_images"_s, u"DROP INDEX images_by_layers_key"_s,
                   u"ALTER TABLE images DROP COLUMN layers_key"_s, u"PRAGMA user_version=2"_s});
    const auto store = Store::open(path);
    QVERIFY2(store, store ? "" : qPrintable(store.error().text()));
    QVERIFY((*store)->layerByChain("sha256:chain"));
    QCOMPARE((*store)->images({})->size(), 1);
    const auto whole =
        (*store)->uuidOfTag(u"old:1"_s).and_then([&](const QString &uuid) { return (*store)->image(uuid); });
    QVERIFY(whole);
    const auto made = (*store)->imageOfLayers({whole->layers.front()}, "{}");
    QVERIFY2(made && made->isNew, made ? "" : qPrintable(made.error().text()));
    QCOMPARE((*store)->images({})->size(), 1);
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
