#include "app/details/changeindex.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::ImageChange;

// Everything below "/etc" begins with "/etc/" and stands in one piece; the character after '/' ends it.
static constexpr QChar behindSlash(u'/' + 1);

static QString inside(const QString &folder)
{
    return folder.endsWith(u'/') ? folder : folder + u'/';
}

ChangeIndex::ChangeIndex(QList<ImageChange> changes) : m_changes(std::move(changes))
{
    std::ranges::sort(m_changes, {}, &ImageChange::path);
}

QList<ChangeIndex::Child> ChangeIndex::childrenOf(const QString &folder) const
{
    QList<Child> children;
    const QString prefix = inside(folder);
    auto next = std::ranges::lower_bound(m_changes, prefix, {}, &ImageChange::path);
    while (next != m_changes.end() && next->path.startsWith(prefix)) {
        const QString name = next->path.sliced(prefix.size()).section(u'/', 0, 0);
        const QString path = prefix + name;
        // "/a-b" stands between "/a" and "/a/b": the folder's own change is looked up, not met.
        const ImageChange *change = at(path);
        if (!name.isEmpty() && (children.isEmpty() || children.last().name != name))
            children.append({name, change, hasBelow(path)});
        next =
            next->path.size() > path.size()
                ? std::ranges::lower_bound(next, m_changes.end(), path + behindSlash, {}, &ImageChange::path)
                : std::next(next);
    }
    std::ranges::sort(children, {}, &Child::name);
    const auto [from, to] = std::ranges::unique(children, {}, &Child::name);
    children.erase(from, to);
    return children;
}

const ImageChange *ChangeIndex::at(const QString &path) const
{
    const auto found = std::ranges::lower_bound(m_changes, path, {}, &ImageChange::path);
    return found != m_changes.end() && found->path == path ? &*found : nullptr;
}

bool ChangeIndex::hasBelow(const QString &path) const
{
    const QString prefix = inside(path);
    const auto found = std::ranges::lower_bound(m_changes, prefix, {}, &ImageChange::path);
    return found != m_changes.end() && found->path.startsWith(prefix);
}

} // namespace cooperage::gui
