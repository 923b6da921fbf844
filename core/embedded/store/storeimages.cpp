#include "core/base/sha256.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/timecolumn.h"

#include <QUuid>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static constexpr qsizetype s_uuidLength = 36;

static std::unexpected<Error> noImage(const QString &uuid)
{
    return failure(ErrorKind::NotFound, StoreText::tr("There is no image %1").arg(uuid));
}

static Result<qint64> totalSize(Database &database, const std::vector<LayerId> &layers)
{
    qint64 size = 0;
    for (const LayerId &id : layers) {
        Result<QSqlQuery> found =
            database.query(u"SELECT size FROM layers WHERE id=?"_s, {QString::fromStdString(id)});
        if (!found)
            return std::unexpected(found.error());
        if (!found->next())
            return failure(ErrorKind::NotFound,
                           StoreText::tr("There is no layer %1").arg(QString::fromStdString(id)));
        size += found->value(0).toLongLong();
    }
    return size;
}

StoredImage Store::Private::newImage(const NewImage &given)
{
    StoredImage image{QUuid::createUuid().toString(QUuid::WithoutBraces),
                      QDateTime::fromMSecsSinceEpoch(QDateTime::currentMSecsSinceEpoch(), QTimeZone::UTC),
                      given.operation,
                      given.config,
                      given.layers,
                      given.isPublic,
                      0,
                      {}};
    image.lease = leases.take(leases.lock(), Leases::Kind::Image, image.uuid.toStdString());
    return image;
}

Result<> Store::Private::insertImage(StoredImage &image, const QString &layersKey)
{
    const Result<qint64> size = totalSize(*database, image.layers);
    if (!size)
        return std::unexpected(size.error());
    image.size = *size;
    const Result<QSqlQuery> inserted =
        query(u"INSERT INTO images (uuid, created_at, operation, config, is_public, size, layers_key)"
              " VALUES (?,?,?,?,?,?,?)"_s,
              {image.uuid, toTimeColumn(image.createdAt), image.operation, image.config,
               image.isPublic ? 1 : 0, image.size, layersKey});
    if (!inserted)
        return std::unexpected(inserted.error());
    const QVariant row = inserted->lastInsertId();
    int position = 0;
    for (const LayerId &id : image.layers) {
        const Result<QSqlQuery> linked =
            query(u"INSERT INTO image_layers (image, position, layer) VALUES (?,?,?)"_s,
                  {row, position++, QString::fromStdString(id)});
        if (!linked)
            return std::unexpected(linked.error());
    }
    return {};
}

Result<StoredImage> Store::createImage(const NewImage &given)
{
    StoredImage image = d->newImage(given);
    const Result<> done = d->database->transaction([&] { return d->insertImage(image, u""_s); });
    return done.transform([&] { return image; });
}

static QString layersKey(const std::vector<LayerId> &layers, const QByteArray &config)
{
    Sha256 hash;
    for (const LayerId &id : layers)
        hash.update(QByteArray::fromStdString(id) + '\n');
    hash.update(config);
    return QString::fromLatin1(hash.hexDigest());
}

Result<LayersImage> Store::imageOfLayers(const std::vector<LayerId> &layers, const QByteArray &config)
{
    const QString key = layersKey(layers, config);
    // Looked up and made in one transaction: of two requests one makes it and the other one finds it.
    LayersImage result;
    const Result<> done = d->database->transaction([&]() -> Result<> {
        Result<QSqlQuery> found = d->query(u"SELECT uuid FROM images WHERE layers_key=?"_s, {key});
        if (!found)
            return std::unexpected(found.error());
        result.isNew = !found->next();
        const QString uuid = result.isNew ? QString() : found->value(0).toString();
        found->finish();
        if (result.isNew) {
            result.image = d->newImage({.layers = layers, .config = config});
            return d->insertImage(result.image, key);
        }
        Result<StoredImage> image = d->image(d->leases.lock(), uuid);
        if (!image)
            return std::unexpected(image.error());
        result.image = *std::move(image);
        return {};
    });
    return done.transform([&] { return result; });
}

Result<StoredImage> Store::Private::image(const Leases::Lock &lock, const QString &uuid)
{
    Result<QSqlQuery> found =
        query(u"SELECT seq, uuid, created_at, operation, config, is_public, size FROM images WHERE uuid=?"_s,
              {uuid.toLower()});
    if (!found)
        return std::unexpected(found.error());
    if (!found->next())
        return noImage(uuid);
    StoredImage image{found->value(1).toString(),
                      fromTimeColumn(found->value(2)),
                      found->value(3).toString(),
                      found->value(4).toByteArray(),
                      {},
                      found->value(5).toBool(),
                      found->value(6).toLongLong(),
                      leases.take(lock, Leases::Kind::Image, found->value(1).toString().toStdString())};
    Result<QSqlQuery> layers =
        query(u"SELECT layer FROM image_layers WHERE image=? ORDER BY position"_s, {found->value(0)});
    if (!layers)
        return std::unexpected(layers.error());
    while (layers->next()) {
        const std::string name = layers->value(0).toString().toStdString();
        image.layers.emplace_back(name, leases.take(lock, Leases::Kind::Layer, name));
    }
    return image;
}

Result<StoredImage> Store::image(const QString &uuid)
{
    return d->image(d->leases.lock(), uuid);
}

Result<> Store::removeImage(const QString &uuid)
{
    d->ballast->release();
    // Under the lock: who is reading its layers' names must get all of them.
    return d->withoutNewLeases([&](const Leases::Lock &) -> Result<> {
        const Result<QSqlQuery> removed =
            d->query(u"DELETE FROM images WHERE uuid=? AND is_public=0"_s, {uuid.toLower()});
        if (!removed)
            return std::unexpected(removed.error());
        if (removed->numRowsAffected() == 1)
            return {};
        return failure(ErrorKind::NotFound,
                       StoreText::tr("There is no image %1 that could be removed").arg(uuid));
    });
}

Result<QList<ImageRow>> Store::images(const ImageFilter &filter)
{
    QString where = u"1"_s;
    QString order;
    QVariantList values;
    const QString uuid = filter.uuidPrefix.toLower();
    const auto restrict = [&](bool wanted, const QString &condition, const QVariantList &given) {
        if (!wanted)
            return;
        where += u" AND "_s + condition;
        values << given;
    };
    restrict(uuid.size() < s_uuidLength, u"i.seq NOT IN (SELECT seq FROM unlisted_images)"_s, {});
    restrict(filter.taggedOnly, u"t.name IS NOT NULL"_s, {});
    restrict(!filter.tagPrefix.isEmpty(), u"substr(t.name,1,length(?))=?"_s,
             {filter.tagPrefix, filter.tagPrefix});
    restrict(!uuid.isEmpty(), u"substr(i.uuid,1,length(?))=?"_s, {uuid, uuid});
    restrict(filter.since.has_value(), u"i.created_at>=?"_s,
             {toTimeColumn(filter.since.value_or(QDateTime()))});
    restrict(filter.until.has_value(), u"i.created_at<=?"_s,
             {toTimeColumn(filter.until.value_or(QDateTime()))});
    if (!filter.tagPrefix.isEmpty()) {
        // Clients take the first row of a prefix query unchecked (contract 2.3).
        order = u"t.name=? DESC, t.is_public, "_s;
        values << filter.tagPrefix;
    }
    values << filter.limit << filter.offset;
    Result<QSqlQuery> found =
        d->query(u"SELECT i.uuid, coalesce(t.name,''), i.created_at, i.operation FROM images i"
                 " LEFT JOIN visible_tags t ON t.image=i.seq WHERE %1"
                 " ORDER BY %2i.created_at DESC, i.seq DESC, t.seq DESC LIMIT ? OFFSET ?"_s.arg(where, order),
                 values);
    if (!found)
        return std::unexpected(found.error());
    QList<ImageRow> rows;
    while (found->next())
        rows << ImageRow{found->value(0).toString(), found->value(1).toString(),
                         fromTimeColumn(found->value(2)), found->value(3).toString()};
    return rows;
}

Result<QString> Store::uuidOfTag(const QString &tag)
{
    Result<QSqlQuery> found =
        d->query(u"SELECT i.uuid FROM visible_tags t JOIN images i ON i.seq=t.image WHERE t.name=?"_s, {tag});
    if (!found)
        return std::unexpected(found.error());
    if (!found->next())
        return failure(ErrorKind::NotFound, StoreText::tr("There is no image with the tag %1").arg(tag));
    return found->value(0).toString();
}

Result<> Store::setTag(const QString &uuid, const QString &tag, bool isPublic)
{
    if (tag.isEmpty())
        return failure(ErrorKind::BadInput, StoreText::tr("The tag is empty"));
    return d->database->transaction([&]() -> Result<> {
        // Removed and added, so that `seq` says which tag was asked for last.
        const Result<QSqlQuery> freed =
            d->query(u"DELETE FROM tags WHERE name=? AND is_public=?"_s, {tag, isPublic ? 1 : 0});
        if (!freed)
            return std::unexpected(freed.error());
        const Result<QSqlQuery> set =
            d->query(u"INSERT INTO tags (name, is_public, image) SELECT ?, ?, seq FROM images WHERE uuid=?"_s,
                     {tag, isPublic ? 1 : 0, uuid.toLower()});
        if (!set)
            return std::unexpected(set.error());
        return set->numRowsAffected() == 1 ? Result<>() : noImage(uuid);
    });
}

Result<> Store::removeTag(const QString &uuid, const QString &tag)
{
    return d->database->transaction([&]() -> Result<> {
        Result<QSqlQuery> found = d->query(u"SELECT seq FROM images WHERE uuid=?"_s, {uuid.toLower()});
        if (!found)
            return std::unexpected(found.error());
        if (!found->next())
            return noImage(uuid);
        const QVariant image = found->value(0);
        found->finish();
        const Result<QSqlQuery> removed =
            tag.isEmpty()
                ? d->query(u"DELETE FROM tags WHERE image=? AND is_public=0"_s, {image})
                : d->query(u"DELETE FROM tags WHERE image=? AND is_public=0 AND name=?"_s, {image, tag});
        if (!removed)
            return std::unexpected(removed.error());
        if (!tag.isEmpty() && removed->numRowsAffected() == 0)
            return failure(ErrorKind::NotFound, StoreText::tr("The image has no tag %1").arg(tag));
        return {};
    });
}

QString Store::latestTag(const QString &uuid)
{
    Result<QSqlQuery> found =
        d->query(u"SELECT t.name FROM visible_tags t JOIN images i ON i.seq=t.image WHERE i.uuid=?"
                 " ORDER BY t.seq DESC LIMIT 1"_s,
                 {uuid.toLower()});
    return found && found->next() ? found->value(0).toString() : QString();
}

} // namespace cooperage::embedded
