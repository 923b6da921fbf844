#include "core/context/filehashing.h"

#include "core/base/sha256.h"

#include <QCoreApplication>
#include <QtConcurrentMap>
#include <QThreadPool>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

namespace cooperage::context {

namespace {

constexpr int maxAttempts = 3;
constexpr qsizetype pieceSize = 256 * 1024;
// A file may be written again without its times changing within the clock's tick: up to 2 s on some file
// systems.
constexpr qint64 settleNs = 2'000'000'000;

qint64 nowNs()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

Result<QByteArray> digestOf(int file, const QString &path, const std::stop_token &stop)
{
    Sha256 hash;
    QByteArray piece(pieceSize, Qt::Uninitialized);
    while (!stop.stop_requested()) {
        const ssize_t got = ::read(file, piece.data(), size_t(piece.size()));
        if (got == 0)
            return hash.hexDigest();
        if (got < 0 && errno != EINTR)
            return std::unexpected(systemError(
                errno, QCoreApplication::translate("FolderContext", "Cannot read the file"), path));
        hash.update(QByteArrayView(piece.constData(), std::max<ssize_t>(got, 0)));
    }
    return std::unexpected(cancelled());
}

// Reads until the file was the same before and after.
Result<> hashFile(const ContextRoot &root, HashCache &cache, Found &found, const std::stop_token &stop)
{
    const QString place = found.entry.path;
    for (int attempt = 0; attempt < maxAttempts; ++attempt) {
        const auto file = root.openPlace(place, O_RDONLY | O_NONBLOCK);
        if (!file)
            return std::unexpected(file.error());
        const qint64 started = nowNs();
        const auto before = root.lookAtOpen(file->get(), place);
        const auto digest = digestOf(file->get(), root.hostPath(place), stop);
        const auto after = root.lookAtOpen(file->get(), place);
        if (!before || !digest || !after)
            return std::unexpected((!before ? before.error() : !digest ? digest.error() : after.error()));
        if (!*before || !*after || (*before)->key != (*after)->key)
            continue;
        found = **after;
        found.sha256 = *digest;
        if (started - std::max(found.key.mtimeNs, found.key.ctimeNs) >= settleNs)
            cache.add(found.key, *digest);
        return {};
    }
    return failure(ErrorKind::Failed,
                   QCoreApplication::translate("FolderContext", "The file keeps changing while it is read"),
                   root.hostPath(place),
                   QCoreApplication::translate("FolderContext",
                                               "Stop what writes to it, or exclude it in .dockerignore."));
}

} // namespace

Error cancelled()
{
    return {ErrorKind::Cancelled, QCoreApplication::translate("FolderContext", "Stopped")};
}

// Threads of their own: who waits here may be the last thread of the common pool, and those it waits for
// would never begin there.
static QThreadPool &hashingPool()
{
    static QThreadPool pool;
    return pool;
}

Result<> hashFiles(const ContextRoot &root, HashCache &cache, const QList<Found *> &found,
                   const std::stop_token &stop)
{
    QList<Found *> unknown;
    for (Found *file : found) {
        if (file->entry.type != EntryType::File)
            continue;
        if (const auto known = cache.find(file->key))
            file->sha256 = *known;
        else
            unknown.append(file);
    }
    const auto results =
        QtConcurrent::blockingMapped<QList<Result<>>>(&hashingPool(), unknown, [&](Found *file) {
            return stop.stop_requested() ? Result<>(std::unexpected(cancelled()))
                                         : hashFile(root, cache, *file, stop);
        });
    cache.save();
    const auto failed = std::ranges::find_if(results, [](const Result<> &done) { return !done; });
    return failed == results.end() ? Result<>() : *failed;
}

} // namespace cooperage::context
