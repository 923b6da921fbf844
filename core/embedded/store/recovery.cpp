#include "core/embedded/store/recovery.h"

#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/storetext.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSet>

#include <algorithm>
#include <sys/mount.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// Field 5 of mountinfo, with its \040 escapes undone.
static QByteArray mountPointOf(const QByteArray &line)
{
    const QByteArray field = line.split(' ').value(4);
    QByteArray path;
    for (qsizetype i = 0; i < field.size(); ++i) {
        if (field[i] == '\\' && i + 3 < field.size()) {
            path += static_cast<char>(field.mid(i + 1, 3).toInt(nullptr, 8));
            i += 3;
        } else {
            path += field[i];
        }
    }
    return path;
}

static void detachMounts(const std::string &folder)
{
    QFile file(u"/proc/self/mountinfo"_s);
    if (!file.open(QFile::ReadOnly))
        return;
    const QByteArray prefix = QByteArray::fromStdString(folder) + '/';
    QList<QByteArray> found;
    for (const QByteArray &line : file.readAll().split('\n'))
        if (const QByteArray path = mountPointOf(line); path.startsWith(prefix))
            found.prepend(path);
    for (const QByteArray &path : found)
        ::umount2(path.constData(), MNT_DETACH | UMOUNT_NOFOLLOW);
}

static QStringList entriesOf(const std::string &folder)
{
    return QDir(QFile::decodeName(folder.c_str()))
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

static Result<> discardAll(const std::string &folder, Trash &trash)
{
    for (const QString &name : entriesOf(folder))
        if (Result<> done = trash.discard(folder + '/' + QFile::encodeName(name).toStdString()); !done)
            return done;
    return {};
}

static Result<> discardOrphans(const std::string &layers, const QSet<QString> &orphans, Trash &trash)
{
    for (const QString &name : orphans)
        if (Result<> done = trash.discard(layers + '/' + QFile::encodeName(name).toStdString()); !done)
            return done;
    return {};
}

// Rows may be missing because the database is damaged: then nothing must be thrown away for it.
static Result<> checkDatabase(Database &database)
{
    Result<QSqlQuery> check = database.query(u"PRAGMA quick_check(1)"_s);
    if (!check)
        return std::unexpected(check.error());
    if (check->next() && check->value(0).toString() == "ok"_L1)
        return {};
    return std::unexpected(database.damaged(check->value(0).toString()));
}

static Result<QSet<QString>> knownLayers(Database &database)
{
    Result<QSqlQuery> rows = database.query(u"SELECT id FROM layers"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QSet<QString> ids;
    while (rows->next())
        ids << rows->value(0).toString();
    return ids;
}

static Result<> dropBroken(const QSet<QString> &broken, Database &database)
{
    for (const QString &id : broken) {
        qWarning("The store has lost the folder of layer %s: its images are dropped.", qUtf8Printable(id));
        const QString images =
            u"DELETE FROM images WHERE seq IN (SELECT image FROM image_layers WHERE layer=?)"_s;
        for (const QString &statement : {images, u"DELETE FROM layers WHERE id=?"_s})
            if (Result<QSqlQuery> done = database.query(statement, {id}); !done)
                return std::unexpected(done.error());
    }
    return {};
}

// Names of files are made of these; a store that came from elsewhere could hold "../". (Layers are looked up
// among the names in their folder.)
static Result<> dropForeignNames(Database &database)
{
    for (const QString &statement :
         {u"DELETE FROM files WHERE length(sha256)<>64 OR sha256 GLOB '*[^0-9a-f]*'"_s,
          u"DELETE FROM operations WHERE length(uuid)<>36 OR uuid GLOB '*[^0-9a-f-]*'"_s})
        if (Result<QSqlQuery> done = database.query(statement); !done)
            return std::unexpected(done.error());
    return {};
}

// Uploads that were cut short between their bytes and their row.
static Result<> removeUnknownFiles(const std::string &folder, Database &database)
{
    Result<QSqlQuery> rows = database.query(u"SELECT sha256 FROM files"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QSet<QByteArray> known;
    while (rows->next())
        known << rows->value(0).toString().toLatin1();
    for (const QString &prefix : entriesOf(folder)) {
        const std::string below = folder + '/' + QFile::encodeName(prefix).toStdString();
        for (const QString &name : entriesOf(below))
            if (!known.contains((prefix + name).toLatin1()))
                QFile::remove(QFile::decodeName(below.c_str()) + u'/' + name);
    }
    return {};
}

static Result<> compareLayers(const std::string &layers, Database &database, Trash &trash)
{
    const Result<QSet<QString>> known = knownLayers(database);
    if (!known)
        return std::unexpected(known.error());
    const QStringList entries = entriesOf(layers);
    const QSet<QString> folders(entries.begin(), entries.end());
    if (folders == *known)
        return {};
    return checkDatabase(database)
        .and_then([&] { return discardOrphans(layers, folders - *known, trash); })
        .and_then([&] { return dropBroken(*known - folders, database); });
}

static Result<> endOperations(Database &database)
{
    const Result<QSqlQuery> done = database.query(
        u"UPDATE operations SET status='FAILED', error=?, finished_at=?"
        " WHERE status IN ('PENDING','ASSIGNED','EXECUTING')"_s,
        {StoreText::tr("the engine ended before this was finished; nothing of it was kept: start it again"),
         QDateTime::currentMSecsSinceEpoch()});
    return done ? Result<>() : std::unexpected(done.error());
}

static Result<> checkAttributeKind(Database &database)
{
    Result<QSqlQuery> other = database.query(u"SELECT xattrs FROM layers WHERE xattrs<>? LIMIT 1"_s,
                                             {QString::fromLatin1(attributeKind())});
    if (!other)
        return std::unexpected(other.error());
    if (other->next())
        return failure(
            ErrorKind::Unsupported,
            StoreText::tr("The store's layers were made by %1")
                .arg(other->value(0).toString() == "trusted"_L1 ? StoreText::tr("root")
                                                                : StoreText::tr("an ordinary user")),
            {}, StoreText::tr("Choose another store folder: the two forms of layers cannot be mixed."));
    return {};
}

Result<> recoverStore(const std::string &folder, Database &database, Trash &trash)
{
    detachMounts(folder);
    for (const char *name : {"/active", "/tmp"})
        if (Result<> done = discardAll(folder + name, trash); !done)
            return done;
    const std::string layers = folder + "/layers";
    return database.transaction([&]() -> Result<> {
        if (Result<> checked = checkAttributeKind(database); !checked)
            return checked;
        if (Result<> done = compareLayers(layers, database, trash); !done)
            return done;
        if (Result<> done = dropForeignNames(database); !done)
            return done;
        if (Result<> done = removeUnknownFiles(folder + "/files", database); !done)
            return done;
        return endOperations(database);
    });
}

} // namespace cooperage::embedded
