#include "core/embedded/store/store.h"

#include "core/embedded/store/recovery.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

std::unexpected<Error> pathFailure(int errnoValue, const QString &what, const std::string &path)
{
    return std::unexpected(systemError(errnoValue, what, QFile::decodeName(path.c_str())));
}

Result<> syncFolder(const std::string &path)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
        return pathFailure(errno, StoreText::tr("Cannot write a folder to disk"), path);
    return {};
}

// Closed to everybody else: a setuid program of an image must not be within reach of other users
// (CVE-2021-41103).
static Result<> privateFolder(const std::string &path)
{
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return pathFailure(errno, StoreText::tr("Cannot make the store's folder"), path);
    const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return pathFailure(errno, StoreText::tr("Cannot open the store's folder"), path);
    if (info.st_uid != ::geteuid())
        return failure(ErrorKind::Denied, StoreText::tr("The store's folder belongs to another user"),
                       QFile::decodeName(path.c_str()), StoreText::tr("Choose a store folder of your own."));
    if ((info.st_mode & 07777) != 0700 && ::fchmod(fd.get(), 0700) != 0)
        return pathFailure(errno, StoreText::tr("Cannot close the store's folder to other users"), path);
    return {};
}

static Result<Fd> lockStore(const std::string &path)
{
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) {
        Error error = systemError(errno, StoreText::tr("Cannot open the store's lock"),
                                  QFile::decodeName(path.c_str()));
        if (error.next.isEmpty())
            error.next = StoreText::tr("Choose a store folder that is yours, on a disk that can be written.");
        return std::unexpected(error);
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return pathFailure(errno, StoreText::tr("Cannot lock the store"), path);
        std::array<char, 32> pid{};
        const ssize_t got = ::pread(fd.get(), pid.data(), pid.size() - 1, 0);
        return failure(ErrorKind::Denied,
                       StoreText::tr("The store is in use by process %1")
                           .arg(got > 0 ? QString::fromLatin1(pid.data()).trimmed() : u"?"_s),
                       QFile::decodeName(path.c_str()),
                       StoreText::tr("Use that engine, stop it, or choose another store folder."));
    }
    return fd;
}

static Result<> writePid(const Fd &lock, const std::string &path)
{
    // Always of the same length: written over what is there it needs no space.
    std::string pid = std::to_string(::getpid());
    pid.insert(0, 12 - std::min<std::size_t>(pid.size(), 12), ' ');
    pid += '\n';
    if (::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        return pathFailure(errno, StoreText::tr("Cannot write the store's lock"), path);
    return {};
}

Store::Store() : d(std::make_unique<Private>()) {}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const QString &folder)
{
    const QString absolute = QDir(folder).absolutePath();
    if (!QDir().mkpath(QFileInfo(absolute).path()))
        return failure(ErrorKind::Failed, StoreText::tr("Cannot make the folder for the store"), absolute,
                       StoreText::tr("Check that its parent exists and is yours."));
    std::unique_ptr<Store> store(new Store);
    Private &d = *store->d;
    d.folder = QFile::encodeName(absolute).toStdString();
    if (Result<> made = privateFolder(d.folder); !made)
        return std::unexpected(made.error());
    Result<Fd> lock = lockStore(d.path("lock"));
    if (!lock)
        return std::unexpected(lock.error());
    d.lock = std::move(*lock);
    d.ballast = std::make_unique<Ballast>(d.path("ballast"));
    d.ballast->release();
    if (Result<> written = writePid(d.lock, d.path("lock")); !written)
        return std::unexpected(written.error());
    for (const char *name : {"layers", "active", "files", "caches", "tmp", "trash"})
        if (Result<> made = privateFolder(d.path(name)); !made)
            return std::unexpected(made.error());
    d.database = std::make_unique<Database>(absolute + u"/store.db"_s);
    if (Result<> opened = d.database->open(); !opened)
        return std::unexpected(opened.error());
    d.trash = std::make_unique<Trash>(d.path("trash"), [&d] { d.ballast->restore(); });
    if (Result<> recovered = recoverStore(d.folder, *d.database, *d.trash); !recovered)
        return std::unexpected(recovered.error());
    d.caches = std::make_unique<CacheVolumes>(d.path("caches"), *d.trash);
    // Layers whose engine ended before they came to an image.
    if (const Result<Collected> collected = store->collect({}); !collected)
        qWarning("%s", qUtf8Printable(collected.error().text()));
    return store;
}

const std::string &Store::folder() const
{
    return d->folder;
}

Database &Store::database()
{
    return *d->database;
}

CacheVolumes &Store::caches()
{
    return *d->caches;
}

Result<> Store::Private::withoutNewLeases(const std::function<Result<>(const Leases::Lock &)> &work)
{
    Leases::Lock lock; // Until the transaction has ended, not only the work.
    return database->transaction([&] {
        lock = leases.lock();
        return work(lock);
    });
}

} // namespace cooperage::embedded
