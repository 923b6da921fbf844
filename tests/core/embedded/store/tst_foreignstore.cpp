#include "core/embedded/store/database.h"
#include "core/embedded/store/operationtable.h"
#include "core/embedded/store/store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

/// A store that somebody else has written: what its database says is not believed where paths are made of it.
class TestForeignStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesThatLeadOutAreDropped();
    void functionsInItsSchemaAreNotTrusted();

private:
    static int count(Store &store, const QString &sql)
    {
        auto rows = store.database().query(sql);
        return rows && rows->next() ? rows->value(0).toInt() : -1;
    }
};

void TestForeignStore::namesThatLeadOutAreDropped()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    QVERIFY(QDir(folder.path()).mkpath(u"outside/upper"_s));
    QFile secret(folder.filePath(u"outside/secret"_s));
    QVERIFY(secret.open(QFile::WriteOnly) && secret.write("secret") == 6);
    secret.close();
    const QString fileUuid = u"11111111-1111-1111-1111-111111111111"_s;
    {
        const auto store = Store::open(path);
        QVERIFY(store);
        Database &database = (*store)->database();
        QVERIFY(database.query(u"INSERT INTO layers (id, size, allocated, inodes, xattrs, created_at)"
                               " SELECT '../../outside', 0, 0, 0, ?, 0"_s,
                               {::geteuid() == 0 ? u"trusted"_s : u"user"_s}));
        QVERIFY(
            database.query(u"INSERT INTO images (uuid, created_at, size) VALUES (?, 0, 0)"_s, {fileUuid}));
        QVERIFY(database.query(
            u"INSERT INTO image_layers (image, position, layer) VALUES (1, 0, '../../outside')"_s));
        QVERIFY(database.query(u"INSERT INTO files (uuid, sha256, size, created_at, updated_at)"
                               " VALUES (?, '../../outside/secret', 6, 0, 0)"_s,
                               {fileUuid}));
        QVERIFY(database.query(u"INSERT INTO operations (uuid, kind, status, created_at)"
                               " VALUES ('../../outside/secret', 'instance', 'SUCCESS', 0)"_s));
    }
    const auto store = Store::open(path);
    QVERIFY2(store, store ? "" : qPrintable(store.error().text()));
    QCOMPARE(count(**store, u"SELECT count(*) FROM layers"_s), 0);
    QCOMPARE(count(**store, u"SELECT count(*) FROM images"_s), 0);
    QCOMPARE(count(**store, u"SELECT count(*) FROM operations"_s), 0);
    QVERIFY(!(*store)->fileByUuid(fileUuid));
    QVERIFY(secret.exists());
}

void TestForeignStore::functionsInItsSchemaAreNotTrusted()
{
    QTemporaryDir folder;
    const auto store = Store::open(folder.filePath(u"store"_s));
    QVERIFY(store);
    QCOMPARE(count(**store, u"PRAGMA trusted_schema"_s), 0);
}

QTEST_GUILESS_MAIN(TestForeignStore)
#include "tst_foreignstore.moc"
