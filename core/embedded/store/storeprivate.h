#pragma once

#include "core/embedded/store/ballast.h"
#include "core/embedded/store/cachevolumes.h"
#include "core/embedded/store/database.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/store.h"
#include "core/embedded/store/trash.h"

#include <memory>
#include <string>

/// What the source files of Store share.
namespace cooperage::embedded {

struct Store::Private
{
    std::string folder;
    Fd lock;                          ///< flock for the life of the store.
    std::unique_ptr<Ballast> ballast; ///< Before the trash, whose thread restores it.
    std::unique_ptr<Database> database;
    std::unique_ptr<Trash> trash;
    std::unique_ptr<CacheVolumes> caches;
    Leases leases;

    [[nodiscard]] std::string path(const char *name) const { return folder + '/' + name; }
    [[nodiscard]] Result<QSqlQuery> query(const QString &sql, const QVariantList &values = {})
    {
        return database->query(sql, values);
    }
    /// For a name that nobody else can know yet.
    [[nodiscard]] LayerId leaseNew(const std::string &name)
    {
        return LayerId(name, leases.take(leases.lock(), Leases::Kind::Layer, name));
    }
    /// A leased image; NotFound.
    [[nodiscard]] Result<StoredImage> image(const Leases::Lock &lock, const QString &uuid);
    /// With a uuid and a lease, but no row.
    [[nodiscard]] StoredImage newImage(const NewImage &given);
    /// Its rows, as part of a transaction; sums up its size.
    [[nodiscard]] Result<> insertImage(StoredImage &image, const QString &layersKey);
    /// A transaction during which nobody begins to use anything. Not within another one.
    [[nodiscard]] Result<> withoutNewLeases(const std::function<Result<>(const Leases::Lock &)> &work);
    [[nodiscard]] std::string filePath(const QByteArray &sha256) const;
    /// Leased; NotFound also where its bytes are not all there.
    [[nodiscard]] Result<StoredFile> file(const QString &condition, const QString &asked);
    /// Notes that the file is in use.
    void touch(StoredFile &file);
    [[nodiscard]] Result<> insertLayer(const LayerId &id, const LayerFacts &facts, const std::string &path);
};

struct LayerDraft::Private
{
    LayerId id;
    std::string folder;
    std::string upper;
    std::string work;
    std::string merged;
    Fd lock;
    Trash *trash = nullptr;

    ~Private();
};

/// Translated failure of a system call, with the path it was about.
[[nodiscard]] std::unexpected<Error> pathFailure(int errnoValue, const QString &what,
                                                 const std::string &path);

/// fsync of a folder: what was renamed into it stays there.
[[nodiscard]] Result<> syncFolder(const std::string &path);

} // namespace cooperage::embedded
