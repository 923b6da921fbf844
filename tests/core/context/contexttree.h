#pragma once

#include "core/context/foldercontext.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

/// A folder of files made for one test.
class ContextTree
{
public:
    [[nodiscard]] QString path() const
    {
        return QFileInfo(m_folder.path()).canonicalFilePath() + QStringLiteral("/context");
    }
    [[nodiscard]] QString at(const QString &name) const { return path() + u'/' + name; }

    ContextTree() { QDir().mkpath(path()); }

    /// Makes the file and the folders above it; `name` may begin with "../".
    bool file(const QString &name, const QByteArray &content = "x") const
    {
        QDir().mkpath(QFileInfo(at(name)).path());
        QFile file(at(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }

    bool files(const QStringList &names) const
    {
        bool good = true;
        for (const QString &name : names)
            good = file(name) && good;
        return good;
    }

    bool folder(const QString &name) const { return QDir().mkpath(at(name)); }
    bool link(const QString &target, const QString &name) const
    {
        QDir().mkpath(QFileInfo(at(name)).path());
        return QFile::link(target, at(name));
    }

private:
    QTemporaryDir m_folder;
};

/// Resolves one source word in a newly opened context.
inline cooperage::Result<cooperage::context::ResolvedSource> resolved(const ContextTree &tree,
                                                                      const QString &source,
                                                                      const QStringList &exclude = {},
                                                                      bool parents = false)
{
    const auto context = cooperage::context::FolderContext::open(tree.path());
    if (!context)
        return std::unexpected(context.error());
    return (*context)->resolve(source, {.exclude = exclude, .parents = parents});
}

/// The first match of a source that has one.
inline cooperage::context::ResolvedMatch
firstMatch(const cooperage::Result<cooperage::context::ResolvedSource> &source)
{
    return source ? source->matches.value(0) : cooperage::context::ResolvedMatch{};
}

/// Where the items go, or the error; files among several matches by their names.
inline QStringList targets(const cooperage::Result<cooperage::context::ResolvedSource> &source)
{
    if (!source)
        return {QStringLiteral("error: ") + source.error().text()};
    QStringList paths;
    for (const cooperage::context::ResolvedMatch &match : source->matches) {
        for (const cooperage::context::SourceItem &item : match.items)
            paths.append(match.isFolder || source->matches.size() == 1 ? item.targetPath : match.baseName);
    }
    return paths;
}
