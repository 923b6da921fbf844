#pragma once

#include "core/base/error.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace cooperage::sessions {

/// "build:" + first 16 hex digits of sha256(absolute path, links resolved where the folder exists).
[[nodiscard]] QString buildSessionName(const QString &contextFolder);
/// Name of a layer's branch: "layer:" + first 16 hex digits of its key.
[[nodiscard]] QString layerBranchName(const QByteArray &layerKey);

/// One snapshot in a session's history. `kind` is "use", "run", "build"...
struct HistoryEntry
{
    qint64 id = 0;
    QString session{};
    QString image;
    qint64 parent = 0; ///< Id of the entry that it grew from; 0: none.
    QString kind{};
    QString title{};
    QString operation{};
    QDateTime createdAt{};
};

/// What a build remembers of a layer: the snapshot that a layer key stands for.
struct CachedLayer
{
    QByteArray key; ///< 64 hex digits.
    QString image;
    QString title{};
    qint64 durationMs = 0;
};

/// What is remembered of an ADDed URL in a context (its validators and the uploaded file).
struct CachedUrl
{
    QString url;
    QString fileUuid;
    QByteArray sha256;
    qint64 size = 0;
    QString etag{};
    QString lastModified{};
    QString contentMd5{};
};

/// Sessions, their branches and history, and the layer cache of builds: one SQLite file, safe to use by
/// several processes at once. All calls are short and are made on the thread that opened the store.
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
    /// in.
    [[nodiscard]] Result<HistoryEntry> record(const QString &session, const QString &branch,
                                              const HistoryEntry &entry);
    /// All entries of a session, oldest first.
    [[nodiscard]] Result<QList<HistoryEntry>> history(const QString &session);
    /// Names of all sessions that begin with `prefix`, the last used first.
    [[nodiscard]] Result<QStringList> sessions(const QString &prefix = {});

private:
    SessionStore();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::sessions
