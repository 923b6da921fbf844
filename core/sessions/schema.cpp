#include "core/sessions/schema.h"

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

// Sessions, branches and history are those of contree-api section 6.2, apart from the engine that they belong
// to.
static QStringList firstVersion()
{
    return {
        u"CREATE TABLE session_history (id INTEGER PRIMARY KEY AUTOINCREMENT, engine TEXT NOT NULL, "
        u"session_key TEXT NOT NULL, "
        "image_uuid TEXT NOT NULL, parent_id INTEGER REFERENCES session_history(id), kind TEXT NOT NULL, "
        "title TEXT NOT NULL, "
        "operation_uuid TEXT, created_at TEXT NOT NULL)"_s,
        u"CREATE INDEX session_history_by_session ON session_history (engine, session_key, id)"_s,
        u"CREATE TABLE session_branches (engine TEXT NOT NULL, session_key TEXT NOT NULL, branch_name TEXT "
        u"NOT NULL, "
        "history_id INTEGER NOT NULL REFERENCES session_history(id), PRIMARY KEY (engine, session_key, "
        "branch_name)) "
        "WITHOUT ROWID"_s,
        u"CREATE TABLE session_state (engine TEXT NOT NULL, session_key TEXT NOT NULL, active_branch TEXT "
        u"NOT NULL DEFAULT 'main', "
        "cwd TEXT NOT NULL DEFAULT '/', updated_at TEXT NOT NULL, PRIMARY KEY (engine, session_key)) WITHOUT ROWID"_s,
        u"CREATE TABLE layer_cache (engine TEXT NOT NULL, session_key TEXT NOT NULL, layer_key TEXT NOT "
        u"NULL, "
        "image_uuid TEXT NOT NULL, title TEXT NOT NULL, duration_ms INTEGER NOT NULL, created_at TEXT NOT "
        "NULL, "
        "PRIMARY KEY (engine, session_key, layer_key)) WITHOUT ROWID"_s,
        u"CREATE TABLE url_cache (engine TEXT NOT NULL, session_key TEXT NOT NULL, url TEXT NOT NULL, "
        u"file_uuid TEXT NOT NULL, "
        "sha256 TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, "
        "content_md5 TEXT NOT NULL, fetched_at TEXT NOT NULL, PRIMARY KEY (engine, session_key, url)) WITHOUT ROWID"_s,
        u"CREATE TABLE base_images (engine TEXT NOT NULL, reference TEXT NOT NULL, image_uuid TEXT NOT NULL, "
        "seen_at TEXT NOT NULL, PRIMARY KEY (engine, reference)) WITHOUT ROWID"_s,
        u"PRAGMA application_id=%1"_s.arg(applicationId),
        u"PRAGMA user_version=1"_s,
    };
}

// Free sessions: folder, variables and files hang on the history entry that set them, so that going back in
// the history goes back in them too. A deleted session keeps its rows under another name until it is purged.
static QStringList secondVersion()
{
    return {
        u"ALTER TABLE session_history ADD COLUMN exit_code INTEGER"_s,
        u"CREATE INDEX session_history_by_parent ON session_history (parent_id)"_s,
        u"CREATE INDEX session_branches_by_entry ON session_branches (history_id)"_s,
        u"ALTER TABLE session_state ADD COLUMN deleted_at TEXT"_s,
        u"CREATE TABLE session_files (history_id INTEGER NOT NULL REFERENCES session_history(id) ON DELETE "
        "CASCADE, path TEXT NOT NULL, file_uuid TEXT NOT NULL, mode INTEGER NOT NULL, size INTEGER NOT NULL, "
        "PRIMARY KEY (history_id, path)) WITHOUT ROWID"_s,
        u"CREATE TABLE session_env (history_id INTEGER NOT NULL REFERENCES session_history(id) ON DELETE "
        "CASCADE, name TEXT NOT NULL, value TEXT, PRIMARY KEY (history_id, name)) WITHOUT ROWID"_s,
        u"CREATE TABLE tag_journal (id INTEGER PRIMARY KEY AUTOINCREMENT, engine TEXT NOT NULL, tag TEXT NOT "
        "NULL, image_before TEXT, image_after TEXT, changed_at TEXT NOT NULL, command TEXT NOT NULL)"_s,
        u"CREATE INDEX tag_journal_by_tag ON tag_journal (engine, tag, id)"_s,
        u"PRAGMA user_version=2"_s,
    };
}

// Leads from an image to what made it.
static QStringList thirdVersion()
{
    return {
        u"CREATE INDEX session_history_by_image ON session_history (engine, image_uuid)"_s,
        u"CREATE TABLE build_places (history_id INTEGER PRIMARY KEY REFERENCES session_history(id) ON DELETE "
        "CASCADE, dockerfile TEXT NOT NULL, step INTEGER NOT NULL, line INTEGER NOT NULL)"_s,
        u"PRAGMA user_version=3"_s,
    };
}

const QList<QStringList> &schemaSteps()
{
    static const QList<QStringList> steps{firstVersion(), secondVersion(), thirdVersion()};
    return steps;
}

} // namespace cooperage::sessions
