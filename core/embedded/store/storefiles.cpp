#include "core/base/sha256.h"
#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/timecolumn.h"

#include <QFile>
#include <QUuid>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static const QString s_columns = u"uuid, sha256, size, created_at, updated_at"_s;

static StoredFile fileOf(const QSqlQuery &query)
{
    return {query.value(0).toString(),      query.value(1).toString().toLatin1(), query.value(2).toLongLong(),
            fromTimeColumn(query.value(3)), fromTimeColumn(query.value(4)),       {}};
}

std::string Store::Private::filePath(const QByteArray &sha256) const
{
    return path("files/") + sha256.first(2).toStdString() + '/' + sha256.mid(2).toStdString();
}

std::string Store::filePath(const StoredFile &file) const
{
    return d->filePath(file.sha256);
}

static Result<> writeAll(int fd, const char *bytes, qint64 size, const std::string &where)
{
    while (size > 0) {
        const ssize_t written = ::write(fd, bytes, static_cast<std::size_t>(size));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return pathFailure(errno, StoreText::tr("Cannot keep the file"), where);
        bytes += written;
        size -= written;
    }
    return {};
}

// Hashes while it writes; the memory used does not depend on the size.
static Result<StoredFile> receive(int fd, const Store::Reader &read, const std::string &where)
{
    Sha256 hash;
    StoredFile file;
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    while (true) {
        const qint64 got = read(buffer.data(), buffer.size());
        if (got < 0)
            return failure(ErrorKind::Cancelled, StoreText::tr("The file was not received completely"));
        if (got == 0)
            break;
        hash.update(QByteArrayView(buffer.constData(), got));
        if (Result<> written = writeAll(fd, buffer.constData(), got, where); !written)
            return std::unexpected(written.error());
        file.size += got;
    }
    file.sha256 = hash.hexDigest();
    return file;
}

// The file of a row after a power cut may be short: such a file counts as missing, and is replaced.
static bool isWhole(const std::string &path, qint64 size)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size == size;
}

static Result<> linkInto(int fd, const std::string &path, qint64 size)
{
    const std::string folder = path.substr(0, path.rfind('/'));
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return pathFailure(errno, StoreText::tr("Cannot keep the file"), folder);
    const auto link = [&] {
        return ::linkat(AT_FDCWD, procPath(fd).c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link() || (errno == EEXIST && isWhole(path, size)))
        return {};
    if (errno == EEXIST && ::unlink(path.c_str()) == 0 && link())
        return {};
    if (errno == EEXIST && isWhole(path, size)) // Another thread was faster.
        return {};
    return pathFailure(errno, StoreText::tr("Cannot keep the file"), path);
}

Result<StoredFile> Store::addFile(const Reader &read)
{
    const std::string folder = d->path("files");
    const Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!fd)
        return pathFailure(errno, StoreText::tr("Cannot keep the file"), folder);
    const Result<StoredFile> received = receive(fd.get(), read, folder);
    if (!received)
        return received;
    // Before it has a row: its bytes may be there already, and about to be collected.
    const Lease lease = d->leases.take(d->leases.lock(), Leases::Kind::File, received->sha256.toStdString());
    if (Result<> linked = linkInto(fd.get(), filePath(*received), received->size); !linked)
        return std::unexpected(linked.error());
    const QString uuid = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const Result<> done = d->database->transaction(
        [&]() -> Result<> {
            const Result<QSqlQuery> row = d->query(
                u"INSERT INTO files (%1) VALUES (?,?,?,?,?)"
                " ON CONFLICT (sha256) DO UPDATE SET updated_at=excluded.updated_at"_s.arg(s_columns),
                {uuid, QString::fromLatin1(received->sha256), received->size, now, now});
            return row ? Result<>() : std::unexpected(row.error());
        },
        Durability::Fast);
    if (!done)
        return std::unexpected(done.error());
    return fileBySha256(received->sha256);
}

Result<StoredFile> Store::addLocalFile(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    const QString what = StoreText::tr("Cannot read the file");
    const Fd fd(::open(name.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return pathFailure(errno, what, name.toStdString());
    if (!S_ISREG(info.st_mode))
        return failure(ErrorKind::BadInput, StoreText::tr("This is not a regular file"), path);
    int readError = 0;
    Result<StoredFile> added = addFile([&](char *buffer, qint64 size) -> qint64 {
        const ssize_t got = ::read(fd.get(), buffer, static_cast<std::size_t>(size));
        readError = got < 0 ? errno : 0;
        return got;
    });
    if (readError != 0)
        return pathFailure(readError, what, name.toStdString());
    return added;
}

// So often at most a use is written down: it decides about collection after hours.
static constexpr qint64 s_touchAfterMs = 60'000;

Result<StoredFile> Store::Private::file(const QString &condition, const QString &asked)
{
    const Leases::Lock lock = leases.lock();
    Result<QSqlQuery> found = query(u"SELECT %1 FROM files WHERE %2"_s.arg(s_columns, condition), {asked});
    if (!found)
        return std::unexpected(found.error());
    if (!found->next())
        return failure(ErrorKind::NotFound, StoreText::tr("There is no file %1").arg(asked));
    StoredFile file = fileOf(*found);
    if (!isWhole(filePath(file.sha256), file.size))
        return failure(ErrorKind::NotFound, StoreText::tr("There is no file %1").arg(asked));
    file.lease = leases.take(lock, Leases::Kind::File, file.sha256.toStdString());
    return file;
}

void Store::Private::touch(StoredFile &file)
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(QDateTime::currentMSecsSinceEpoch(), QTimeZone::UTC);
    if (file.updatedAt.msecsTo(now) < s_touchAfterMs)
        return;
    const Result<> done = database->transaction(
        [&]() -> Result<> {
            const Result<QSqlQuery> row =
                query(u"UPDATE files SET updated_at=? WHERE uuid=?"_s, {toTimeColumn(now), file.uuid});
            return row ? Result<>() : std::unexpected(row.error());
        },
        Durability::Fast);
    if (done)
        file.updatedAt = now; // Else it is as good as before: reading must not fail for it (full disk).
}

Result<StoredFile> Store::fileBySha256(const QByteArray &sha256)
{
    Result<StoredFile> file = d->file(u"sha256=?"_s, QString::fromLatin1(sha256));
    if (file)
        d->touch(*file);
    return file;
}

Result<StoredFile> Store::fileByUuid(const QString &uuid)
{
    Result<StoredFile> file = d->file(u"uuid=?"_s, uuid.toLower());
    if (file)
        d->touch(*file);
    return file;
}

Result<QList<StoredFile>> Store::files(int limit, int offset, std::optional<QDateTime> since,
                                       std::optional<QDateTime> until)
{
    Result<QSqlQuery> found =
        d->query(u"SELECT %1 FROM files WHERE created_at>=? AND created_at<=?"
                 " ORDER BY created_at DESC, seq DESC LIMIT ? OFFSET ?"_s.arg(s_columns),
                 {since ? since->toMSecsSinceEpoch() : std::numeric_limits<qint64>::min(),
                  until ? until->toMSecsSinceEpoch() : std::numeric_limits<qint64>::max(), limit, offset});
    if (!found)
        return std::unexpected(found.error());
    QList<StoredFile> list;
    while (found->next())
        list << fileOf(*found);
    return list;
}

} // namespace cooperage::embedded
