#include "core/embedded/store/filespace.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/timecolumn.h"

#include <QHash>

#include <cerrno>
#include <sys/statvfs.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static Result<> measureDisk(const std::string &folder, StorageUse &use)
{
    struct statvfs disk{};
    if (::statvfs(folder.c_str(), &disk) != 0)
        return pathFailure(errno, StoreText::tr("Cannot ask how much space there is"), folder);
    use.total = static_cast<qint64>(disk.f_blocks * disk.f_frsize);
    use.free = static_cast<qint64>(disk.f_bavail * disk.f_frsize);
    return {};
}

Result<StorageUse> Store::storageUse()
{
    StorageUse use;
    if (Result<> measured = measureDisk(d->folder, use); !measured)
        return std::unexpected(measured.error());
    Result<QSqlQuery> layers =
        d->query(u"SELECT id, allocated, EXISTS (SELECT 1 FROM image_layers WHERE layer=layers.id"
                 " AND image NOT IN (SELECT seq FROM unlisted_images)) FROM layers"_s);
    if (!layers)
        return std::unexpected(layers.error());
    {
        const Leases::Lock lock = d->leases.lock();
        while (layers->next()) {
            const qint64 size = layers->value(1).toLongLong();
            ++use.layers;
            use.layerBytes += size;
            const std::string name = layers->value(0).toString().toStdString();
            if (!layers->value(2).toBool() && !d->leases.isTaken(lock, Leases::Kind::Layer, name))
                use.reclaimable += size;
        }
    }
    Result<QSqlQuery> files =
        d->query(u"SELECT COUNT(*), coalesce(SUM(%1),0) FROM files"_s.arg(fileSpaceColumn));
    if (!files)
        return std::unexpected(files.error());
    if (files->next()) {
        use.files = files->value(0).toLongLong();
        use.fileBytes = files->value(1).toLongLong();
    }
    d->caches->addUse(use);
    return use;
}

namespace {
struct LayerUse
{
    qint64 size = 0;
    bool shared = false;
};
} // namespace

static Result<QHash<QString, LayerUse>> layerUses(Database &database)
{
    Result<QSqlQuery> rows =
        database.query(u"SELECT id, allocated, (SELECT COUNT(*) FROM (SELECT 1 FROM image_layers"
                       " WHERE layer=layers.id AND image NOT IN (SELECT seq FROM unlisted_images)"
                       " LIMIT 2))>1 FROM layers"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QHash<QString, LayerUse> uses;
    while (rows->next())
        uses.insert(rows->value(0).toString(), {rows->value(1).toLongLong(), rows->value(2).toBool()});
    return uses;
}

static Result<QHash<qint64, QStringList>> allTags(Database &database)
{
    Result<QSqlQuery> rows = database.query(u"SELECT image, name FROM tags ORDER BY seq"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QHash<qint64, QStringList> tags;
    while (rows->next())
        tags[rows->value(0).toLongLong()] << rows->value(1).toString();
    return tags;
}

// Sizes of the images by their row numbers, in one pass over the table.
static Result<QHash<qint64, ImageUse>> imageSizes(Database &database)
{
    const Result<QHash<QString, LayerUse>> layers = layerUses(database);
    if (!layers)
        return std::unexpected(layers.error());
    Result<QSqlQuery> rows = database.query(u"SELECT image, layer FROM image_layers"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QHash<qint64, ImageUse> images;
    while (rows->next()) {
        const LayerUse layer = layers->value(rows->value(1).toString());
        ImageUse &image = images[rows->value(0).toLongLong()];
        image.size += layer.size;
        image.unique += layer.shared ? 0 : layer.size;
    }
    return images;
}

Result<QList<ImageUse>> Store::imageUses()
{
    const Result<QHash<qint64, QStringList>> tags = allTags(*d->database);
    if (!tags)
        return std::unexpected(tags.error());
    const Result<QHash<qint64, ImageUse>> sizes = imageSizes(*d->database);
    if (!sizes)
        return std::unexpected(sizes.error());
    Result<QSqlQuery> rows =
        d->query(u"SELECT seq, uuid, created_at FROM images WHERE seq NOT IN"
                 " (SELECT seq FROM unlisted_images) ORDER BY created_at DESC, seq DESC"_s);
    if (!rows)
        return std::unexpected(rows.error());
    QList<ImageUse> list;
    while (rows->next()) {
        const qint64 seq = rows->value(0).toLongLong();
        ImageUse image = sizes->value(seq);
        image.uuid = rows->value(1).toString();
        image.tags = tags->value(seq);
        image.createdAt = fromTimeColumn(rows->value(2));
        list << image;
    }
    return list;
}

} // namespace cooperage::embedded
