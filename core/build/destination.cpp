#include "core/build/destination.h"

#include "core/context/pathnames.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::StagedEntry;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Placement", text);
}

static QString parentOf(const QString &path)
{
    return context::cleanPath(path + u"/.."_s);
}

Task<QStringList> missingFolders(ImageTree *tree, QString image, QString path, std::stop_token stop)
{
    QStringList missing;
    for (QString folder = path; folder != "/"_L1; folder = parentOf(folder)) {
        const auto place = co_await tree->find(image, folder, stop);
        if (!place)
            co_return std::unexpected(place.error());
        if (place->has_value())
            break;
        missing.prepend(folder);
    }
    co_return missing;
}

// What earlier entries that are not yet in the image make of `path`: 'd', 'f', or 0 if nothing.
static char stagedKind(const QList<StagedEntry> &staged, const QString &path)
{
    char kind = 0;
    for (const StagedEntry &entry : staged) {
        if ((entry.type == StagedEntry::Type::Folder && entry.path == path) ||
            entry.path.startsWith(path + u'/'))
            return 'd';
        if (entry.path == path)
            kind = 'f';
    }
    return kind;
}

Task<Destination> Destination::find(ImageTree *tree, CopyOrder order, QString image,
                                    QList<StagedEntry> staged, std::stop_token stop)
{
    Destination result;
    const QString text = context::cleanPath(order.destination);
    const Result<ResolvedPlace> place = co_await tree->resolve(image, text, stop);
    if (!place)
        co_return std::unexpected(place.error());
    if (order.link && place->path != text)
        co_return failure(
            ErrorKind::Unsupported,
            tr("--link would replace the links on the way to %1, which this engine cannot do").arg(text), {},
            tr("Drop --link, or build with the embedded engine."));
    result.m_path = place->path;
    const char stagedAs = stagedKind(staged, result.m_path);
    if (stagedAs == 'd' || (place->item && place->item->isFolder))
        result.m_kind = Kind::Folder;
    else if (stagedAs == 'f' || place->item)
        result.m_kind = Kind::File;
    const Result<QStringList> missing = co_await missingFolders(tree, image, parentOf(result.m_path), stop);
    if (!missing)
        co_return std::unexpected(missing.error());
    result.m_missing = *missing;
    for (QString folder = result.m_path; order.link && !image.isEmpty() && folder != "/"_L1;) {
        if (!missing->contains(folder) && (folder != result.m_path || result.m_kind == Kind::Folder))
            result.m_overridden.prepend(folder);
        folder = parentOf(folder);
    }
    if (!order.chown.isEmpty()) {
        const QString names = order.link ? QString() : image; // An independent layer has none.
        const Result<Owner> owner = co_await findOwner(tree, names, order.chown, OwnerUse::Chown, stop);
        if (!owner)
            co_return std::unexpected(owner.error());
        result.m_owner = *owner;
    }
    result.m_order = std::move(order);
    co_return result;
}

void Destination::make(const QString &folder, bool ownMode)
{
    StagedEntry entry;
    entry.type = StagedEntry::Type::Folder;
    entry.path = folder;
    entry.mode = ownMode && m_order.chmod ? m_order.chmod->octal().value_or(0755) : 0755;
    entry.uid = m_owner.uid;
    entry.gid = m_owner.gid;
    entry.overwriteAttributes = m_overridden.contains(folder);
    m_made << entry;
}

Result<QString> Destination::folder(bool ownMode)
{
    if (m_kind == Kind::File)
        return failure(ErrorKind::BadInput, tr("cannot copy to non-directory: %1").arg(m_path));
    QStringList folders = m_overridden + std::exchange(m_missing, {});
    if (m_kind == Kind::Missing)
        folders << m_path;
    for (const QString &folder : std::as_const(folders))
        make(folder, ownMode);
    m_overridden.clear();
    m_kind = Kind::Folder;
    return m_path;
}

Result<QString> Destination::file(const QString &baseName)
{
    if (m_order.destination.endsWith(u'/') || m_kind == Kind::Folder) {
        const Result<QString> path = folder();
        if (!path)
            return path;
        return (path->endsWith(u'/') ? *path : *path + u'/') + baseName;
    }
    // Plain parents come by themselves.
    const bool ownParents = !m_order.chown.isEmpty() || (m_order.chmod && m_order.chmod->octal());
    for (const QString &folder : m_overridden + (ownParents ? m_missing : QStringList()))
        make(folder, true);
    m_overridden.clear();
    m_missing.clear();
    m_kind = Kind::File;
    return m_path;
}

StagedEntry Destination::entryAt(const QString &path, quint32 mode, bool isFolder) const
{
    StagedEntry entry;
    entry.path = path;
    entry.mode = m_order.chmod ? m_order.chmod->apply(mode, isFolder) : mode;
    entry.uid = m_owner.uid;
    entry.gid = m_owner.gid;
    return entry;
}

} // namespace cooperage::build
