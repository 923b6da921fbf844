#include "core/build/placement.h"

#include "core/build/copyorigin.h"
#include "core/build/imageusers.h"
#include "core/build/prepare.h"
#include "core/build/unpack.h"
#include "core/context/pathnames.h"
#include "core/engine/background.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using context::EntryType;
using context::ResolvedSource;
using context::SourceItem;
using engine::StagedEntry;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Placement", text);
}

static StagedEntry folderEntry(const QString &path, quint32 mode, Owner owner)
{
    StagedEntry entry;
    entry.type = StagedEntry::Type::Folder;
    entry.path = path;
    entry.mode = mode;
    entry.uid = owner.uid;
    entry.gid = owner.gid;
    return entry;
}

// `path` and those of its parents that are not in the image, outermost first.
static Task<QStringList> missingFolders(ImageTree *tree, QString image, QString path, std::stop_token stop)
{
    QStringList missing;
    for (QString folder = path; folder != "/"_L1; folder = context::cleanPath(folder + u"/.."_s)) {
        const auto place = co_await tree->find(image, folder, stop);
        if (!place)
            co_return std::unexpected(place.error());
        if (place->has_value())
            break;
        missing.prepend(folder);
    }
    co_return missing;
}

Task<Placement> placeWorkdir(ImageTree *tree, QString folder, QString user, QString image,
                             std::stop_token stop)
{
    const auto place = co_await tree->find(image, folder, stop);
    if (!place)
        co_return std::unexpected(place.error());
    if (place->has_value() && !(*place)->item.isFolder)
        co_return failure(ErrorKind::BadInput,
                          tr("cannot make the working directory: %1 is a file").arg(folder));
    Placement placement;
    if (place->has_value())
        co_return placement;
    Result<Owner> owner = Owner();
    if (!user.isEmpty())
        owner = co_await findOwner(tree, image, user, OwnerUse::User, stop);
    if (!owner)
        co_return std::unexpected(owner.error());
    const Result<QStringList> missing = co_await missingFolders(tree, image, folder, stop);
    if (!missing)
        co_return std::unexpected(missing.error());
    for (const QString &path : *missing)
        placement.entries << folderEntry(path, 0755, *owner);
    co_return placement;
}

namespace {

/// The destination of one COPY or ADD, and how entries below it are made.
struct Destination
{
    const CopyOrder &order;
    Owner owner;
    bool isFolder = false; ///< It is one, or its text says so.
    bool isFile = false;   ///< Something else is there.

    [[nodiscard]] QString folder() const { return context::cleanPath(order.destination); }

    [[nodiscard]] StagedEntry fileAt(const QString &targetPath, const QString &baseName, quint32 mode) const
    {
        StagedEntry entry;
        entry.path = placedPath(order.destination, isFolder, targetPath, baseName);
        entry.mode = order.chmod.value_or(mode);
        entry.uid = owner.uid;
        entry.gid = owner.gid;
        return entry;
    }

    [[nodiscard]] StagedEntry entryFor(const ResolvedSource &source, const SourceItem &item) const
    {
        StagedEntry entry = fileAt(item.targetPath, source.baseName, item.mode & 07777);
        entry.mtimeNs = item.mtimeNs;
        if (item.type == EntryType::Folder) {
            entry.type = StagedEntry::Type::Folder;
            entry.overwriteAttributes = true;
        } else if (item.type == EntryType::Symlink) {
            entry.type = StagedEntry::Type::Symlink;
            entry.linkTarget = item.linkTarget;
        } else {
            entry.localPath = item.hostPath;
            entry.sha256 = item.sha256;
            entry.size = item.size;
        }
        return entry;
    }
};

} // namespace

// Whether earlier entries that are not yet in the image make a folder of `path`.
static bool isStagedFolder(const QList<StagedEntry> &staged, const QString &path)
{
    return std::ranges::any_of(staged, [&path](const StagedEntry &entry) {
        return (entry.type == StagedEntry::Type::Folder && entry.path == path) ||
               entry.path.startsWith(path + u'/');
    });
}

static bool bringsFolder(const CopyOrder &order)
{
    return std::ranges::any_of(order.local, [](const ResolvedSource &source) {
        return source.isFolder || std::ranges::any_of(source.items, [](const SourceItem &item) {
                   return !item.targetPath.isEmpty();
               });
    });
}

// The destination's own folder and, where they get an owner or mode of their own, its missing parents.
static Task<QList<StagedEntry>> destinationFolders(ImageTree *tree, QString image, QString folder,
                                                   CopyOrder order, Owner owner, std::stop_token stop)
{
    const Result<QStringList> missing = co_await missingFolders(tree, image, folder, stop);
    if (!missing)
        co_return std::unexpected(missing.error());
    QList<StagedEntry> entries;
    for (const QString &path : *missing)
        entries << folderEntry(path, order.chmod.value_or(0755), owner);
    co_return entries;
}

static Result<> addLocal(const Destination &to, Placement *placement)
{
    for (const ResolvedSource &source : to.order.local) {
        for (const SourceItem &item : source.items) {
            if (to.order.unpack && !source.isFolder && item.type == EntryType::File) {
                Result<std::optional<Unpacked>> unpacked =
                    unpackArchive(item.hostPath, to.folder(),
                                  to.order.chown.isEmpty() ? std::nullopt : std::optional(to.owner));
                if (!unpacked)
                    return std::unexpected(unpacked.error());
                if (*unpacked) {
                    placement->entries << (*unpacked)->entries;
                    placement->unpacked << (*unpacked)->files;
                    continue;
                }
            }
            placement->entries << to.entryFor(source, item);
        }
    }
    return {};
}

static void addContents(const Destination &to, Placement *placement)
{
    for (const InlineFile &file : to.order.heredocs) {
        StagedEntry entry = to.fileAt({}, file.name, 0644);
        entry.content = file.content;
        entry.size = file.content.size();
        placement->entries << entry;
    }
    for (const AddedUrl &url : to.order.urls) {
        StagedEntry entry = to.fileAt({}, url.name, 0600);
        entry.fileUuid = url.file.uuid;
        entry.sha256 = url.file.sha256;
        entry.size = url.file.size;
        entry.mtimeNs = url.mtimeNs;
        placement->entries << entry;
    }
}

static void addOrigin(const Destination &to, const QList<OriginItem> &items, Placement *placement)
{
    for (const OriginItem &item : items) {
        StagedEntry entry = to.fileAt({}, item.baseName, 0);
        if (item.isFolder)
            entry.path = to.folder();
        entry.type = StagedEntry::Type::CopyFrom;
        entry.sourceImage = to.order.origin->image;
        entry.sourcePath = item.source;
        entry.setOwner = !to.order.chown.isEmpty();
        entry.setMode = to.order.chmod.has_value();
        placement->entries << entry;
    }
}

static Result<> checkDestination(const Destination &to, bool severalFiles, bool wantsFolder)
{
    if (to.isFile && (wantsFolder || to.isFolder))
        return failure(ErrorKind::BadInput, tr("cannot copy to non-directory: %1").arg(to.folder()));
    if (severalFiles && !to.isFolder)
        return failure(ErrorKind::BadInput, tr("With several sources the destination must be a folder"), {},
                       tr("End it with a slash: \"%1/\".").arg(to.order.destination));
    return {};
}

Task<Placement> placeCopy(ImageTree *tree, CopyOrder order, QString image, QList<StagedEntry> staged,
                          std::stop_token stop)
{
    Destination to{order, {}};
    const auto place = co_await tree->find(image, to.folder(), stop);
    if (!place)
        co_return std::unexpected(place.error());
    to.isFile = place->has_value() && !(*place)->item.isFolder;
    to.isFolder = order.destination.endsWith(u'/') || (place->has_value() && (*place)->item.isFolder) ||
                  isStagedFolder(staged, to.folder());
    if (!order.chown.isEmpty()) {
        const Result<Owner> owner = co_await findOwner(tree, image, order.chown, OwnerUse::Chown, stop);
        if (!owner)
            co_return std::unexpected(owner.error());
        to.owner = *owner;
    }
    QList<OriginItem> origin;
    if (order.origin) {
        Result<QList<OriginItem>> items = co_await originItems(tree, order, stop);
        if (!items)
            co_return std::unexpected(items.error());
        origin = *items;
    }
    const bool originFolder = std::ranges::any_of(origin, &OriginItem::isFolder);
    const bool wantsFolder = originFolder || bringsFolder(order);
    const bool several = order.sourceIsAmbiguous || origin.size() > 1;
    if (const Result<> fine = checkDestination(to, several, wantsFolder); !fine)
        co_return std::unexpected(fine.error());
    to.isFolder = to.isFolder || wantsFolder;
    Placement placement;
    const bool ownParents = !order.chown.isEmpty() || order.chmod;
    if (to.isFolder || ownParents) {
        const QString folder = to.isFolder ? to.folder() : context::cleanPath(to.folder() + u"/.."_s);
        const auto folders = co_await destinationFolders(tree, image, folder, order, to.owner, stop);
        if (!folders)
            co_return std::unexpected(folders.error());
        placement.entries = *folders;
    }
    auto work = [order, owner = to.owner, isFolder = to.isFolder, placement]() mutable -> Result<Placement> {
        const Destination here{order, owner, isFolder};
        const Result<> added = addLocal(here, &placement);
        return added ? Result<Placement>(placement) : std::unexpected(added.error());
    };
    Result<Placement> filled = co_await inBackground(std::move(work));
    if (!filled)
        co_return filled;
    addContents(to, &*filled);
    addOrigin(to, origin, &*filled);
    co_return filled;
}

} // namespace cooperage::build
