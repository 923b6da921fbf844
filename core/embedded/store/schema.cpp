#include "core/embedded/store/schema.h"

#include "core/embedded/store/database.h"
#include "core/embedded/store/storetext.h"

#include <QDir>
#include <QFile>
#include <QStringList>

#include <span>
#include <sys/xattr.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// Times are milliseconds since 1970 (UTC). `seq` makes orders by time stable.
static const int s_version = 3;
static const char *const s_tables[] = {
    "CREATE TABLE layers (id TEXT PRIMARY KEY, diff_id TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL,"
    " allocated INTEGER NOT NULL, inodes INTEGER NOT NULL, xattrs TEXT NOT NULL, created_at INTEGER NOT "
    "NULL)",
    "CREATE INDEX layers_by_diff_id ON layers (diff_id) WHERE diff_id <> ''",
    "CREATE TABLE images (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, created_at "
    "INTEGER NOT NULL,"
    " operation TEXT NOT NULL DEFAULT '', config BLOB NOT NULL DEFAULT '', is_public INTEGER NOT NULL "
    "DEFAULT 0,"
    " size INTEGER NOT NULL)",
    "CREATE INDEX images_by_time ON images (created_at DESC, seq DESC)",
    "CREATE TABLE image_layers (image INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, position INTEGER "
    "NOT NULL,"
    " layer TEXT NOT NULL REFERENCES layers, PRIMARY KEY (image, position)) WITHOUT ROWID",
    "CREATE INDEX image_layers_by_layer ON image_layers (layer)",
    "CREATE TABLE tags (seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, is_public INTEGER NOT "
    "NULL,"
    " image INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, UNIQUE (name, is_public))",
    "CREATE INDEX tags_by_image ON tags (image)",
    // What a list shows: an own tag hides a public one of the same name.
    "CREATE VIEW visible_tags AS SELECT * FROM tags t WHERE t.is_public = 0"
    " OR NOT EXISTS (SELECT 1 FROM tags o WHERE o.name = t.name AND o.is_public = 0)",
    "CREATE TABLE files (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, sha256 TEXT NOT "
    "NULL UNIQUE,"
    " size INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)",
    "CREATE INDEX files_by_time ON files (created_at DESC, seq DESC)",
    "CREATE TABLE operations (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, kind TEXT "
    "NOT NULL,"
    " status TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL, started_at INTEGER,"
    " finished_at INTEGER, duration REAL NOT NULL DEFAULT 0, image TEXT NOT NULL DEFAULT '',"
    " result_image TEXT NOT NULL DEFAULT '', metadata TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX operations_by_time ON operations (created_at DESC, seq DESC)",
    "CREATE INDEX operations_by_status ON operations (status)",
};

// From version 1.
static const char *const s_second[] = {
    // Over the diffIDs of this layer and those below: a folder unpacked above other layers differs.
    "ALTER TABLE layers ADD COLUMN chain_id TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX layers_by_chain_id ON layers (chain_id) WHERE chain_id <> ''",
    // What the tar that we write of a layer is; the same at every time.
    "CREATE TABLE layer_tars (layer TEXT PRIMARY KEY REFERENCES layers ON DELETE CASCADE, diff_id TEXT NOT "
    "NULL,"
    " size INTEGER NOT NULL)",
    // Blobs at registries that hold a layer: a push need not send them again.
    "CREATE TABLE layer_blobs (layer TEXT NOT NULL REFERENCES layers ON DELETE CASCADE, repository TEXT NOT "
    "NULL,"
    " digest TEXT NOT NULL, diff_id TEXT NOT NULL, size INTEGER NOT NULL, media_type TEXT NOT NULL,"
    " PRIMARY KEY (layer, repository, digest)) WITHOUT ROWID",
};

// From version 2.
static const char *const s_third[] = {
    // Of an image made of another one's lowest layers: what it is found again by.
    "ALTER TABLE images ADD COLUMN layers_key TEXT NOT NULL DEFAULT ''",
    "CREATE UNIQUE INDEX images_by_layers_key ON images (layers_key) WHERE layers_key <> ''",
    // Without a tag such images are in no list and keep no layers: they are there again when they are asked
    // for.
    R"(CREATE VIEW unlisted_images AS SELECT seq, uuid FROM images i WHERE layers_key <> ''
       AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.image = i.seq))",
};

static Result<> execute(Database &database, std::span<const char *const> statements)
{
    for (const char *statement : statements)
        if (Result<QSqlQuery> made = database.query(QString::fromLatin1(statement)); !made)
            return std::unexpected(made.error());
    return {};
}

// Version 1 kept the chain ID as an attribute of the layer's folder, which overlayfs hides from the merged
// view.
static QByteArray chainAttribute(const std::string &layer)
{
    QByteArray value(128, '\0');
    for (const char *name : {"trusted.overlay.cooperage.chain", "user.overlay.cooperage.chain"}) {
        const ssize_t size =
            ::lgetxattr(layer.c_str(), name, value.data(), static_cast<size_t>(value.size()));
        if (size > 0)
            return value.first(size);
    }
    return {};
}

static Result<> takeChainIds(Database &database, const std::string &layers)
{
    Result<QSqlQuery> rows = database.query(u"SELECT id FROM layers"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QStringList ids;
    while (rows->next())
        ids << rows->value(0).toString();
    for (const QString &id : std::as_const(ids)) {
        const QByteArray chain = chainAttribute(layers + '/' + id.toStdString());
        const Result<QSqlQuery> set =
            database.query(u"UPDATE layers SET chain_id=? WHERE id=?"_s, {QString::fromLatin1(chain), id});
        if (!set)
            return std::unexpected(set.error());
    }
    return {};
}

Result<> prepareSchema(Database &database, const std::string &layers)
{
    Result<QSqlQuery> version = database.query(u"PRAGMA user_version"_s);
    if (!version)
        return std::unexpected(version.error());
    const int found = version->next() ? version->value(0).toInt() : 0;
    version->finish();
    if (found > s_version)
        return failure(ErrorKind::Unsupported,
                       StoreText::tr("The store was made by a newer version of the engine"), {},
                       StoreText::tr("Update Cooperage, or choose another store folder."));
    if (found == s_version)
        return {};
    // An empty database over layers: throwing all of them away is not what anybody wants.
    if (found < 1 && !QDir(QFile::decodeName(layers.c_str())).isEmpty())
        return std::unexpected(database.damaged(StoreText::tr("it is empty, but there are layers")));
    if (found < 1)
        if (Result<> made = execute(database, s_tables); !made)
            return made;
    if (found < 2) {
        const Result<> made =
            execute(database, s_second).and_then([&] { return takeChainIds(database, layers); });
        if (!made)
            return made;
    }
    if (Result<> made = execute(database, s_third); !made)
        return made;
    if (Result<QSqlQuery> set = database.query(u"PRAGMA user_version=%1"_s.arg(s_version)); !set)
        return std::unexpected(set.error());
    return {};
}

} // namespace cooperage::embedded
