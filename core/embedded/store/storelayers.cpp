#include "core/embedded/store/layersize.h"
#include "core/embedded/store/overlayform.h"
#include "core/embedded/store/randomname.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// Eight digits: the names of 440 lower folders still fit into the one page that mount(2) takes.
static constexpr int s_idDigits = 8;

static bool exists(const std::string &path)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0;
}

LayerDraft::Private::~Private()
{
    if (trash == nullptr || folder.empty())
        return;
    // A mount that somebody forgot would travel into the trash and never be found again.
    ::umount2(merged.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
    if (const Result<> done = trash->discard(folder); !done)
        qWarning("%s", qUtf8Printable(done.error().text()));
}

LayerDraft::LayerDraft(std::unique_ptr<Private> p) : d(std::move(p)) {}
LayerDraft::~LayerDraft() = default;
LayerDraft::LayerDraft(LayerDraft &&) noexcept = default;
LayerDraft &LayerDraft::operator=(LayerDraft &&) noexcept = default;

const std::string &LayerDraft::upper() const
{
    return d->upper;
}

const std::string &LayerDraft::work() const
{
    return d->work;
}

const std::string &LayerDraft::merged() const
{
    return d->merged;
}

const std::string &LayerDraft::folder() const
{
    return d->folder;
}

const LayerId &LayerDraft::id() const
{
    return d->id;
}

Result<LayerDraft> Store::beginLayer()
{
    auto draft = std::make_unique<LayerDraft::Private>();
    const QString what = StoreText::tr("Cannot begin a layer");
    while (draft->folder.empty()) {
        draft->id = LayerId(randomName(s_idDigits));
        const std::string folder = d->path("active/") + draft->id.name();
        if (exists(layerPath(draft->id)))
            continue;
        if (::mkdir(folder.c_str(), 0700) == 0)
            draft->folder = folder;
        else if (errno != EEXIST)
            return pathFailure(errno, what, folder);
    }
    draft->trash = d->trash.get();
    const std::string lock = draft->folder + "/lock";
    draft->lock = Fd(::open(lock.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!draft->lock || ::flock(draft->lock.get(), LOCK_EX | LOCK_NB) != 0)
        return pathFailure(errno, what, lock);
    draft->upper = draft->folder + "/upper";
    draft->work = draft->folder + "/work";
    draft->merged = draft->folder + "/merged";
    // chmod: the mode of `upper` becomes that of the image's root, whatever the umask.
    for (const std::string &folder : {draft->upper, draft->work, draft->merged})
        if (::mkdir(folder.c_str(), 0755) != 0 || ::chmod(folder.c_str(), 0755) != 0)
            return pathFailure(errno, what, folder);
    return LayerDraft(std::move(draft));
}

bool Store::isEmpty(const LayerDraft &draft)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(::opendir(draft.upper().c_str()), ::closedir);
    int count = 0;
    while (entries && ::readdir(entries.get()) != nullptr)
        ++count;
    return count <= 2;
}

static Result<> refuseMounted(const LayerDraft &draft)
{
    struct stat folder{};
    struct stat merged{};
    if (::stat(draft.folder().c_str(), &folder) != 0 || ::stat(draft.merged().c_str(), &merged) != 0)
        return pathFailure(errno, StoreText::tr("Cannot commit the layer"), draft.folder());
    struct stat upper{};
    const bool bound = ::stat(draft.upper().c_str(), &upper) == 0 && upper.st_ino == merged.st_ino;
    if (folder.st_dev != merged.st_dev || bound)
        return failure(ErrorKind::Failed, StoreText::tr("The layer is still mounted"),
                       QFile::decodeName(draft.merged().c_str()));
    return {};
}

static Result<> syncContents(const std::string &upper)
{
    const Fd fd(::open(upper.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::syncfs(fd.get()) != 0)
        return pathFailure(errno, StoreText::tr("Cannot write the layer to disk"), upper);
    return {};
}

Result<LayerId> Store::commitLayer(LayerDraft draft, const LayerFacts &facts)
{
    const LayerId id = d->leaseNew(draft.id());
    const std::string path = layerPath(id);
    if (Result<> checked = refuseMounted(draft); !checked)
        return std::unexpected(checked.error());
    if (Result<> synced = syncContents(draft.upper()); !synced)
        return std::unexpected(synced.error());
    if (::renameat2(AT_FDCWD, draft.upper().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0)
        return pathFailure(errno, StoreText::tr("Cannot move the layer into place"), path);
    Result<> done = syncFolder(d->path("layers"));
    if (done)
        done = syncFolder(draft.folder());
    if (done)
        done = d->insertLayer(id, facts, path); // The row last: it always has its folder.
    if (!done) {
        (void)d->trash->discard(path);
        return std::unexpected(done.error());
    }
    return id;
}

Result<> Store::Private::insertLayer(const LayerId &id, const LayerFacts &facts, const std::string &path)
{
    const Result<LayerSize> size = measureLayer(path);
    if (!size)
        return std::unexpected(size.error());
    return database->transaction([&]() -> Result<> {
        const Result<QSqlQuery> done =
            query(u"INSERT INTO layers (id, diff_id, chain_id, size, allocated, inodes, xattrs, created_at)"
                  " VALUES (?,?,?,?,?,?,?,?)"_s,
                  {QString::fromStdString(id), QString::fromLatin1(facts.diffId),
                   QString::fromLatin1(facts.chainId), size->apparent, size->allocated, size->inodes,
                   QString::fromLatin1(attributeKind()), QDateTime::currentMSecsSinceEpoch()});
        return done ? Result<>() : std::unexpected(done.error());
    });
}

std::string Store::layerPath(const LayerId &id) const
{
    return d->path("layers/") + id.name();
}

std::optional<LayerId> Store::layerByChain(const QByteArray &chainId)
{
    if (chainId.isEmpty())
        return {};
    const Leases::Lock lock = d->leases.lock();
    Result<QSqlQuery> found =
        d->query(u"SELECT id FROM layers WHERE chain_id=? ORDER BY created_at LIMIT 1"_s,
                 {QString::fromLatin1(chainId)});
    if (!found || !found->next())
        return {};
    const std::string name = found->value(0).toString().toStdString();
    return LayerId(name, d->leases.take(lock, Leases::Kind::Layer, name));
}

Result<QList<LayerSummary>> Store::layers(const StoredImage &image)
{
    QList<LayerSummary> list;
    for (const LayerId &id : image.layers) {
        Result<QSqlQuery> found =
            d->query(u"SELECT diff_id, size FROM layers WHERE id=?"_s, {QString::fromStdString(id)});
        if (!found)
            return std::unexpected(found.error());
        if (found->next())
            list << LayerSummary{id, found->value(0).toString().toLatin1(), found->value(1).toLongLong()};
    }
    return list;
}

} // namespace cooperage::embedded
