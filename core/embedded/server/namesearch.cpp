#include "core/embedded/server/namesearch.h"

#include "core/embedded/server/inspectlist.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"

#include <QJsonObject>

#include <fcntl.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// Deeper trees exist only to harm: each level keeps a folder open.
static constexpr int s_deepest = 500;

static Fd openFolder(const Fd &parent, const std::string &name)
{
    return Fd(::openat(parent.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Result<> NameSearch::addFolder(const Fd &folder, const std::string &path, int depth)
{
    if (depth > s_deepest)
        return failure(ErrorKind::Unsupported, Text::tr("The folders are nested too deeply"),
                       QString::fromStdString(path));
    const Result<std::vector<FolderEntry>> entries = readFolder(folder);
    if (!entries)
        return std::unexpected(entries.error());
    const auto shared = std::make_shared<Fd>(openFolder(folder, "."));
    for (const FolderEntry &entry : *entries) {
        std::string below = path + '/' + entry.name;
        const bool matches = m_pattern.matches(QString::fromStdString(below));
        if (matches || S_ISDIR(entry.info.st_mode))
            m_pending.push({std::move(below), shared, entry.info, matches, depth});
    }
    return {};
}

Result<> NameSearch::visit(const Pending &next)
{
    if (next.matches) {
        m_truncated = m_files.size() == m_limit;
        if (m_truncated)
            return {};
        m_files.append(QJsonObject{{u"path"_s, QString::fromStdString(next.path)},
                                   {u"size"_s, static_cast<qint64>(next.info.st_size)},
                                   {u"mode"_s, static_cast<qint64>(next.info.st_mode)}});
    }
    if (!S_ISDIR(next.info.st_mode))
        return {};
    const Fd folder = openFolder(*next.folder, splitPath(next.path).name);
    if (!folder)
        return std::unexpected(
            systemError(errno, Text::tr("Cannot list the folder"), QString::fromStdString(next.path)));
    return addFolder(folder, next.path, next.depth + 1);
}

// Goes through the paths in their order: what lies in a folder comes after it, so that the first one of those
// that are known is always the next one.
Result<> NameSearch::search(const Fd &folder, const std::string &path, ClientWatch client)
{
    if (const Result<> added = addFolder(folder, path, 0); !added)
        return added;
    while (!m_pending.empty() && !m_truncated) {
        if (client.hasGone())
            return failure(ErrorKind::Cancelled, Text::tr("The search was cancelled"));
        const Pending next = m_pending.top();
        m_pending.pop();
        if (const Result<> done = visit(next); !done)
            return done;
    }
    return {};
}

} // namespace cooperage::embedded
