#include "core/context/folderwalk.h"

#include "core/context/filehashing.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>

#include <cerrno>
#include <fcntl.h>

namespace cooperage::context {

FolderWalk::FolderWalk(const ContextRoot &root, QList<Filter> filters, std::stop_token stop)
    : m_root(root), m_filters(std::move(filters)), m_stop(std::move(stop))
{
}

Result<QList<Found>> FolderWalk::run(const QString &folder)
{
    const auto opened = m_root.openPlace(folder, O_RDONLY | O_DIRECTORY);
    if (!opened)
        return std::unexpected(opened.error());
    const auto verdict = decide(folder, Hits(size_t(m_filters.size())));
    if (!verdict)
        return std::unexpected(verdict.error());
    return walk(opened->get(), folder, verdict->hits).transform([this] { return std::move(m_found); });
}

Result<FolderWalk::Verdict> FolderWalk::decide(const QString &path, const Hits &folder) const
{
    Verdict verdict;
    verdict.hits.resize(folder.size());
    for (size_t i = 0; i < folder.size(); ++i) {
        const Filter &filter = m_filters[qsizetype(i)];
        const QString relative = path.mid(filter.skip);
        const auto decided = filter.rules->decide(relative, folder[i], &verdict.hits[i]);
        if (!decided)
            return std::unexpected(decided.error());
        verdict.ignored = verdict.ignored || decided->ignored;
        verdict.nothingBelow =
            verdict.nothingBelow || (decided->ignored && !filter.rules->mayReincludeBelow(relative));
    }
    return verdict;
}

Result<> FolderWalk::walk(int folder, const QString &path, const Hits &hits)
{
    const auto names = m_root.namesIn(folder, path);
    if (!names)
        return std::unexpected(names.error());
    for (const QByteArray &name : *names) {
        if (m_stop.stop_requested())
            return std::unexpected(cancelled());
        if (const auto visited = visit(folder, name, joinPath(path, QString::fromUtf8(name)), hits); !visited)
            return visited;
    }
    return {};
}

Result<> FolderWalk::visit(int folder, const QByteArray &name, const QString &path, const Hits &folderHits)
{
    const auto verdict = decide(path, folderHits);
    if (!verdict)
        return std::unexpected(verdict.error());
    if (verdict->nothingBelow)
        return {};
    const auto found = m_root.lookAt(folder, name, path);
    if (!found && found.error().kind == ErrorKind::NotFound)
        return {}; // Removed since the folder was read.
    if (!found)
        return std::unexpected(found.error());
    if (!*found || (verdict->ignored && (*found)->entry.type != EntryType::Folder))
        return {};
    if (lastComponent(path).toUtf8() != name)
        return failure(
            ErrorKind::BadInput,
            QCoreApplication::translate("FolderContext",
                                        "The file's name is not valid UTF-8, so no image can hold it"),
            m_root.hostPath(path),
            QCoreApplication::translate("FolderContext", "Rename the file, or exclude it in .dockerignore."));
    if (!verdict->ignored)
        add(**found);
    if ((*found)->entry.type == EntryType::Folder)
        return enter(folder, name, **found, *verdict);
    return {};
}

Result<> FolderWalk::enter(int folder, const QByteArray &name, const Found &found, const Verdict &verdict)
{
    const QString &path = found.entry.path;
    const FileDescriptor opened(
        ::openat(folder, name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!opened.isOpen())
        return std::unexpected(m_root.errorOf(errno, path));
    if (verdict.ignored)
        m_ignoredParents.append(found);
    if (const auto walked = walk(opened.get(), path, verdict.hits); !walked)
        return walked;
    // `add` clears the list, so what is still there is this folder, with nothing in it.
    if (verdict.ignored && !m_ignoredParents.isEmpty())
        m_ignoredParents.removeLast();
    return {};
}

void FolderWalk::add(const Found &found)
{
    m_found.append(m_ignoredParents);
    m_ignoredParents.clear();
    m_found.append(found);
}

} // namespace cooperage::context
