#pragma once

#include <QDateTime>
#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace cooperage::sessions {

/// What a history entry came from.
namespace kind {
inline const QString use =
    QStringLiteral("use"); ///< An image was taken to start from; nothing before it counts.
inline const QString run = QStringLiteral("run");
inline const QString disposableRun = QStringLiteral("run-disposable"); ///< Keeps the image that it ran in.
inline const QString files = QStringLiteral("file");
inline const QString folder = QStringLiteral("cd");
inline const QString variables = QStringLiteral("env");
inline const QString build = QStringLiteral("build");
} // namespace kind

/// One snapshot in a session's history.
struct HistoryEntry
{
    qint64 id = 0;
    QString session{};
    QString image;
    qint64 parent = 0; ///< Id of the entry that it grew from; 0: none.
    QString kind{};
    QString title{}; ///< The command, the folder, the image's name...
    QString operation{};
    QDateTime createdAt{};
    std::optional<int> exitCode{}; ///< Of a run.
};

/// A named pointer to a history entry.
struct Branch
{
    QString name;
    qint64 tip = 0;

    bool operator==(const Branch &) const = default;
};

/// A session in a list.
struct SessionSummary
{
    QString name;
    QString activeBranch;
    QString image; ///< At the tip of the active branch; empty where that branch does not exist.
    int entries = 0;
    int branches = 0;
    QDateTime updatedAt;
    QDateTime deletedAt{}; ///< Invalid unless the session was deleted.
    QString key{};         ///< Of a deleted session: what `SessionList::restore` takes.
};

/// A whole session, for showing it.
struct SessionView
{
    QString name;
    QString activeBranch;
    QList<Branch> branches;
    QList<HistoryEntry> entries; ///< Oldest first.

    /// Tip of the active branch; 0 if there is none.
    [[nodiscard]] qint64 head() const;
};

/// A file that was added and not yet run with.
struct PendingFile
{
    QString path; ///< Absolute, in the image.
    QString fileUuid;
    quint32 mode = 0644;
    qint64 size = 0;

    bool operator==(const PendingFile &) const = default;
};

/// What the next run of a session starts from.
struct WorkingState
{
    QString branch;
    HistoryEntry head;
    QString cwd{}; ///< Empty: the image's own.
    QMap<QString, QString> variables{};
    QList<PendingFile> files{}; ///< One per path, by path.
};

} // namespace cooperage::sessions
