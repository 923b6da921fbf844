#include "core/build/placement.h"

#include "core/build/destination.h"
#include "core/build/placer.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::StagedEntry;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Placement", text);
}

Task<Placement> placeWorkdir(ImageTree *tree, QString folder, QString user, QString image,
                             std::stop_token stop)
{
    const Result<ResolvedPlace> place = co_await tree->resolve(image, folder, stop);
    if (!place)
        co_return std::unexpected(place.error());
    if (place->item && !place->item->isFolder)
        co_return failure(ErrorKind::BadInput,
                          tr("cannot make the working directory: %1 is a file").arg(folder));
    Placement placement;
    if (place->item)
        co_return placement;
    Result<Owner> owner = Owner();
    if (!user.isEmpty())
        owner = co_await findOwner(tree, image, user, OwnerUse::User, stop);
    if (!owner)
        co_return std::unexpected(owner.error());
    const Result<QStringList> missing = co_await missingFolders(tree, image, place->path, stop);
    if (!missing)
        co_return std::unexpected(missing.error());
    for (const QString &path : *missing) {
        StagedEntry entry;
        entry.type = StagedEntry::Type::Folder;
        entry.path = path;
        entry.mode = 0755;
        entry.uid = owner->uid;
        entry.gid = owner->gid;
        placement.entries << entry;
    }
    co_return placement;
}

Task<Placement> placeCopy(ImageTree *tree, CopyOrder order, QString image, QList<StagedEntry> staged,
                          PlaceOptions options)
{
    Result<Destination> destination = co_await Destination::find(tree, order, image, staged, options.stop);
    if (!destination)
        co_return std::unexpected(destination.error());
    Placer placer(tree, order, *std::move(destination), options);
    co_return co_await placer.place();
}

} // namespace cooperage::build
