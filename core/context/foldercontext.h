#pragma once

#include "core/base/error.h"
#include "core/context/ignorerules.h"
#include "core/context/resolvedsource.h"

#include <QList>
#include <QMap>
#include <QString>

#include <memory>
#include <stop_token>

namespace cooperage::context {

/// One thing of the context, by its path relative to the context's root.
struct Entry
{
    QString path;
    EntryType type = EntryType::File;
    qint64 size = 0;
    quint32 mode = 0; ///< Permission bits (07777).
    qint64 mtimeNs = 0;
    QString linkTarget{};
    quint32 deviceMajor = 0;
    quint32 deviceMinor = 0;
    QMap<QString, QByteArray> xattrs{}; ///< Of files and folders; filled by `resolve`.

    bool operator==(const Entry &) const = default;
};

struct FolderContextOptions
{
    QString dockerfile{}; ///< Absolute path; `<it>.dockerignore` beside it wins over `.dockerignore`.
    bool builtInExcludes = true;
    bool readIgnoreFile = true; ///< False for what is no local context, such as a git checkout.
    QString hashCacheFile{};    ///< Where digests are remembered between runs; empty: only in memory.
};

/// A folder as build context: what is in it, what is ignored and why, and what a COPY brings. Thread-safe for
/// reading; nothing outside the folder is ever read: links are followed inside it only (spec 3.4).
class FolderContext
{
public:
    ~FolderContext();
    FolderContext(const FolderContext &) = delete;
    FolderContext &operator=(const FolderContext &) = delete;

    [[nodiscard]] static Result<std::unique_ptr<FolderContext>>
    open(const QString &folder, const FolderContextOptions &options = {});

    [[nodiscard]] const QString &root() const; ///< Absolute, symlinks resolved.
    [[nodiscard]] const IgnoreRules &rules() const;

    /// Everything that is not ignored, parents first, names in the order of their bytes. Sockets are left
    /// out. Fails for what cannot be read and for names that are not UTF-8.
    [[nodiscard]] Result<QList<Entry>> scan(std::stop_token stop = {}) const;

    /// Resolves one source word: globs, folders, links, missing and ignored sources (NotFound; the error
    /// names the rule and line). `..` stops at the root, and links are followed as if the root were "/".
    /// Files are hashed (cached by device, inode, size, mtime, ctime).
    [[nodiscard]] Result<ResolvedSource> resolve(const QString &source, const ResolveOptions &options = {},
                                                 std::stop_token stop = {}) const;

private:
    FolderContext();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::context
