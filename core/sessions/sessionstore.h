#pragma once

#include "core/base/error.h"
#include "core/sessions/buildcache.h"
#include "core/sessions/values.h"

#include <functional>
#include <memory>
#include <optional>

namespace cooperage::sessions {

class Database;

/// "build:" + first 16 hex digits of sha256(absolute path, links resolved where the folder exists).
[[nodiscard]] QString buildSessionName(const QString &contextFolder);
/// Name of a layer's branch: "layer:" + first 16 hex digits of its key.
[[nodiscard]] QString layerBranchName(const QByteArray &layerKey);

/// Sessions, their branches and history, and the layer cache of builds: one SQLite file, safe to use by
/// several processes at once. All calls are short, but for those that read a whole history, and are made on
/// the thread that opened the store. What more can be done with sessions is in branches.h, freesessions.h and
/// sessionlist.h; the history of tags in tagjournal.h.
class SessionStore
{
public:
    ~SessionStore();
    SessionStore(const SessionStore &) = delete;
    SessionStore &operator=(const SessionStore &) = delete;

    /// `engineScope` separates engines: a layer of one is never looked for in another. Fails with the file's
    /// path and what to do where the file is damaged, not ours, made by a newer version, or not accessible;
    /// it is left as it is.
    [[nodiscard]] static Result<std::unique_ptr<SessionStore>> open(const QString &file,
                                                                    const QString &engineScope);
    /// `$XDG_DATA_HOME/cooperage/sessions.db`
    [[nodiscard]] static QString defaultFile();

    /// With `engineScope()`: what another thread needs to open the same store.
    [[nodiscard]] const QString &file() const { return m_file; }
    [[nodiscard]] const QString &engineScope() const { return m_engine; }
    /// For the other classes of this folder.
    [[nodiscard]] Database &database() const { return *m_database; }

    /// The layer branch of that key in the session, if it was ever made.
    [[nodiscard]] std::optional<CachedLayer> layer(const QString &session, const QByteArray &key);
    [[nodiscard]] Result<> rememberLayer(const QString &session, const CachedLayer &layer);
    /// After the engine said that the image is gone.
    [[nodiscard]] Result<> forgetLayer(const QString &session, const QByteArray &key);

    [[nodiscard]] std::optional<CachedUrl> url(const QString &session, const QString &url);
    [[nodiscard]] Result<> rememberUrl(const QString &session, const CachedUrl &entry);

    /// Last known image of a FROM reference: lets a forecast name a base without asking the engine.
    [[nodiscard]] std::optional<QString> baseImage(const QString &reference);
    [[nodiscard]] Result<> rememberBaseImage(const QString &reference, const QString &image);

    /// Moves a branch to a new history entry; makes session and branch where missing. Without `entry.parent`
    /// the branch's last entry becomes the parent. Returns the entry with id, session, parent and time filled
    /// in. `alongside` is done in the same transaction.
    [[nodiscard]] Result<HistoryEntry>
    record(const QString &session, const QString &branch, const HistoryEntry &entry,
           const std::function<Result<>(const HistoryEntry &)> &alongside = {});
    /// All entries of a session, oldest first.
    [[nodiscard]] Result<QList<HistoryEntry>> history(const QString &session);

private:
    SessionStore(std::unique_ptr<Database> database, QString file, QString engine);
    [[nodiscard]] Result<> addEntry(const QString &branch, HistoryEntry &entry);

    std::unique_ptr<Database> m_database;
    QString m_file;
    QString m_engine;
};

} // namespace cooperage::sessions
