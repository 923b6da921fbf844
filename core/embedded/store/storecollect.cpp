#include "core/embedded/store/filespace.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/timecolumn.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <span>
#include <vector>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// Rows of one transaction: requests for images wait for its end.
static constexpr std::size_t s_batch = 500;

namespace {

/// An image or file that may go: by its row, and by the name that leases know.
struct Candidate
{
    qint64 seq = 0;
    QString name;
    qint64 size = 0;
};

/// One collection. Rows go in transactions, under the lock of the leases: from the look whether somebody uses
/// a thing until its row is gone for everybody nobody can begin to use it. Folders go after their rows: what
/// a crash leaves between is an orphan that the next start removes.
class Collection
{
public:
    using Transaction = std::function<Result<>(const std::function<Result<>(const Leases::Lock &)> &)>;
    using Unlink = std::function<void(const QString &sha256)>;

    Collection(Database &database, Leases &leases, const CollectRequest &request, Transaction transaction,
               Unlink unlink)
        : m_database(database),
          m_leases(leases),
          m_request(request),
          m_transaction(std::move(transaction)),
          m_unlink(std::move(unlink))
    {
    }

    Result<Collected> run();
    /// Names of the layers whose rows are gone.
    [[nodiscard]] const std::vector<std::string> &removedLayers() const { return m_layers; }

private:
    Result<std::vector<Candidate>> candidates(const QString &sql, const QVariantList &values);
    Result<> removeImages(const Leases::Lock &lock, std::span<const Candidate> images);
    Result<> removeLayers(const Leases::Lock &lock);
    Result<> removeFiles(const Leases::Lock &lock, std::span<const Candidate> files);
    Result<QSet<QString>> layersThatStay(const QSet<qint64> &images);
    Result<> rehearseLayers(const QSet<qint64> &images);
    Result<> rehearse(const std::vector<Candidate> &images, const std::vector<Candidate> &files);
    Result<> carryOut(const std::vector<Candidate> &images, const std::vector<Candidate> &files);
    [[nodiscard]] qint64 before() const
    {
        return QDateTime::currentMSecsSinceEpoch() - std::chrono::milliseconds(m_request.olderThan).count();
    }

    Database &m_database;
    Leases &m_leases;
    const CollectRequest &m_request;
    const Transaction m_transaction;
    const Unlink m_unlink;
    Collected m_result;
    std::vector<std::string> m_layers;
};

} // namespace

Result<std::vector<Candidate>> Collection::candidates(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery> rows = m_database.query(sql, values);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<Candidate> found;
    while (rows->next())
        found.push_back(
            {rows->value(0).toLongLong(), rows->value(1).toString(), rows->value(2).toLongLong()});
    return found;
}

Result<> Collection::removeImages(const Leases::Lock &lock, std::span<const Candidate> images)
{
    for (const Candidate &image : images) {
        if (m_leases.isTaken(lock, Leases::Kind::Image, image.name.toStdString()))
            continue;
        const Result<QSqlQuery> removed = m_database.query(
            u"DELETE FROM images WHERE seq=? AND NOT EXISTS (SELECT 1 FROM tags WHERE tags.image=images.seq)"_s,
            {image.seq});
        if (!removed)
            return std::unexpected(removed.error());
        if (removed->numRowsAffected() == 1)
            m_result.images << image.name;
    }
    return {};
}

// Images that no list shows do not keep layers that no other image has: they go first.
static const QString s_unlistedAlone = u"SELECT u.seq, u.uuid, 0 FROM unlisted_images u WHERE EXISTS (SELECT "
                                       u"1 FROM image_layers l WHERE l.image=u.seq"
                                       " AND NOT EXISTS (SELECT 1 FROM image_layers o WHERE o.layer=l.layer"
                                       " AND o.image NOT IN (SELECT seq FROM unlisted_images)))"_s;

Result<> Collection::removeLayers(const Leases::Lock &lock)
{
    const Result<> alone =
        candidates(s_unlistedAlone, {}).and_then([&](const std::vector<Candidate> &images) {
            return removeImages(lock, images);
        });
    if (!alone)
        return alone;
    Result<QSqlQuery> rows =
        m_database.query(u"SELECT id, allocated FROM layers"
                         " WHERE NOT EXISTS (SELECT 1 FROM image_layers WHERE layer=layers.id)"_s);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<std::string> going;
    while (rows->next()) {
        const std::string name = rows->value(0).toString().toStdString();
        if (m_leases.isTaken(lock, Leases::Kind::Layer, name))
            continue;
        going.push_back(name);
        m_result.freed += rows->value(1).toLongLong();
    }
    rows->finish();
    for (const std::string &name : going) {
        const Result<QSqlQuery> removed =
            m_database.query(u"DELETE FROM layers WHERE id=?"_s, {QString::fromStdString(name)});
        if (!removed)
            return std::unexpected(removed.error());
    }
    m_result.layers += static_cast<qint64>(going.size());
    m_layers = std::move(going);
    return {};
}

// Here the bytes go before the row is gone for good: a row without bytes counts as no file, and an upload
// repairs it, while bytes without a row would only take space.
Result<> Collection::removeFiles(const Leases::Lock &lock, std::span<const Candidate> files)
{
    for (const Candidate &file : files) {
        if (m_leases.isTaken(lock, Leases::Kind::File, file.name.toStdString()))
            continue;
        const Result<QSqlQuery> removed =
            m_database.query(u"DELETE FROM files WHERE seq=? AND updated_at<=?"_s, {file.seq, before()});
        if (!removed)
            return std::unexpected(removed.error());
        if (removed->numRowsAffected() != 1)
            continue;
        m_unlink(file.name);
        ++m_result.files;
        m_result.freed += file.size;
    }
    return {};
}

// By reading alone: commits and requests go on meanwhile. One pass over the layers of all images but these;
// images that no list shows and that lose a layer are added to those that go.
Result<QSet<QString>> Collection::layersThatStay(const QSet<qint64> &images)
{
    const Result<std::vector<Candidate>> unlisted =
        candidates(u"SELECT seq, uuid, 0 FROM unlisted_images"_s, {});
    Result<QSqlQuery> rows = m_database.query(u"SELECT image, layer FROM image_layers"_s);
    if (!unlisted || !rows)
        return std::unexpected(unlisted ? rows.error() : unlisted.error());
    QHash<qint64, QSet<QString>> ofUnlisted;
    for (const Candidate &image : *unlisted)
        ofUnlisted.insert(image.seq, {});
    QSet<QString> used;
    while (rows->next()) {
        const qint64 image = rows->value(0).toLongLong();
        if (const auto found = ofUnlisted.find(image); found != ofUnlisted.end())
            *found << rows->value(1).toString();
        else if (!images.contains(image))
            used << rows->value(1).toString();
    }
    QSet<QString> stay = used;
    const Leases::Lock lock = m_leases.lock();
    for (const Candidate &image : *unlisted) {
        if (images.contains(image.seq) || used.contains(ofUnlisted[image.seq]))
            continue;
        if (m_leases.isTaken(lock, Leases::Kind::Image, image.name.toStdString()))
            stay += ofUnlisted[image.seq];
        else
            m_result.images << image.name;
    }
    return stay;
}

Result<> Collection::rehearseLayers(const QSet<qint64> &images)
{
    const Result<QSet<QString>> used = layersThatStay(images);
    const Result<std::vector<Candidate>> layers = candidates(u"SELECT 0, id, allocated FROM layers"_s, {});
    if (!used || !layers)
        return std::unexpected(used ? layers.error() : used.error());
    const Leases::Lock lock = m_leases.lock();
    for (const Candidate &layer : *layers)
        if (!used->contains(layer.name) &&
            !m_leases.isTaken(lock, Leases::Kind::Layer, layer.name.toStdString())) {
            ++m_result.layers;
            m_result.freed += layer.size;
        }
    return {};
}

Result<> Collection::rehearse(const std::vector<Candidate> &images, const std::vector<Candidate> &files)
{
    QSet<qint64> going;
    {
        const Leases::Lock lock = m_leases.lock();
        for (const Candidate &image : images)
            if (!m_leases.isTaken(lock, Leases::Kind::Image, image.name.toStdString())) {
                going << image.seq;
                m_result.images << image.name;
            }
    }
    if (const Result<> done = rehearseLayers(going); !done)
        return done;
    const Leases::Lock lock = m_leases.lock();
    for (const Candidate &file : files)
        if (!m_leases.isTaken(lock, Leases::Kind::File, file.name.toStdString())) {
            ++m_result.files;
            m_result.freed += file.size;
        }
    return {};
}

template <typename Work>
static Result<> inBatches(const std::vector<Candidate> &all, const Work &work)
{
    const std::span<const Candidate> span(all);
    for (std::size_t i = 0; i < span.size(); i += s_batch)
        if (Result<> done = work(span.subspan(i, std::min(s_batch, span.size() - i))); !done)
            return done;
    return {};
}

Result<> Collection::carryOut(const std::vector<Candidate> &images, const std::vector<Candidate> &files)
{
    const Result<> removed = inBatches(images, [&](std::span<const Candidate> batch) {
        return m_transaction([&](const Leases::Lock &lock) { return removeImages(lock, batch); });
    });
    if (!removed)
        return removed;
    if (Result<> done = m_transaction([&](const Leases::Lock &lock) { return removeLayers(lock); }); !done) {
        m_layers.clear(); // Their rows are there: so must their folders be.
        return done;
    }
    return inBatches(files, [&](std::span<const Candidate> batch) {
        return m_transaction([&](const Leases::Lock &lock) { return removeFiles(lock, batch); });
    });
}

Result<Collected> Collection::run()
{
    Result<std::vector<Candidate>> images;
    if (m_request.untaggedImages)
        images = candidates(u"SELECT seq, uuid, 0 FROM images WHERE created_at<=?"
                            " AND NOT EXISTS (SELECT 1 FROM tags WHERE tags.image=images.seq)"_s,
                            {before()});
    if (!images)
        return std::unexpected(images.error());
    Result<std::vector<Candidate>> files;
    if (m_request.files)
        files = candidates(u"SELECT seq, sha256, %1 FROM files WHERE updated_at<=?"_s.arg(fileSpaceColumn),
                           {before()});
    if (!files)
        return std::unexpected(files.error());
    const Result<> done = m_request.dryRun ? rehearse(*images, *files) : carryOut(*images, *files);
    return done.transform([&] { return m_result; });
}

Result<Collected> Store::collect(const CollectRequest &request)
{
    if (!request.dryRun)
        d->ballast->release();
    Collection collection(
        *d->database, d->leases, request, [&](const auto &work) { return d->withoutNewLeases(work); },
        [&](const QString &sha256) { ::unlink(d->filePath(sha256.toLatin1()).c_str()); });
    Result<Collected> done = collection.run();
    if (done)
        d->caches->collect(request, *done);
    for (const std::string &name : collection.removedLayers())
        if (const Result<> gone = d->trash->discard(layerPath(LayerId(name))); !gone)
            qWarning("%s", qUtf8Printable(gone.error().text())); // An orphan until the next start.
    return done;
}

} // namespace cooperage::embedded
