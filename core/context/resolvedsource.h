#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace cooperage::context {

enum class EntryType { File, Folder, Symlink, Fifo, CharDevice, BlockDevice };

/// An item that a COPY or ADD places: where it comes from here and where it goes, below the destination.
struct SourceItem
{
    QString hostPath;    ///< Absolute path of what to read; a link as source is followed already.
    QString contextPath; ///< Relative path as the source has it, for messages.
    QString targetPath;  ///< Relative to the destination; empty: the destination, or into it if a folder.
    EntryType type = EntryType::File;
    quint32 mode = 0;
    qint64 size = 0;
    qint64 mtimeNs = 0;
    QString linkTarget{};
    QByteArray sha256{}; ///< Files only; filled by `resolve`.
    quint32 deviceMajor = 0;
    quint32 deviceMinor = 0;
    QMap<QString, QByteArray> xattrs{};
    QString twin{}; ///< A file that is a hard link to an earlier item: that one's targetPath.

    bool operator==(const SourceItem &) const = default;
};

/// One thing that a source word names.
struct ResolvedMatch
{
    bool isFolder = false; ///< Its contents are copied.
    QString baseName;      ///< Name in a destination folder; empty for the root.
    qint64 mtimeNs = 0;
    QList<SourceItem> items; ///< In path order; parents before children.
};

/// What one source word of COPY/ADD came to: one match, or for a pattern any number, in lexical order.
struct ResolvedSource
{
    QString source; ///< The word, variables expanded.
    QList<ResolvedMatch> matches;
};

struct ResolveOptions
{
    QStringList exclude{}; ///< COPY --exclude patterns, relative to each source folder.
    bool parents = false;  ///< COPY --parents: matches are folders, up to the pivot `/./`.
};

} // namespace cooperage::context
