#include "core/embedded/store/cachevolumes.h"

#include "core/embedded/store/layersize.h"
#include "core/embedded/store/randomname.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static qint64 now()
{
    return QDateTime::currentMSecsSinceEpoch();
}

CacheVolumes::Lease::Lease(CacheVolumes &owner, Volume &volume, std::shared_ptr<const Fd> data)
    : m_owner(owner), m_volume(volume), m_data(std::move(data))
{
}

CacheVolumes::Lease::~Lease()
{
    m_data.reset();
    m_owner.release(m_volume);
}

CacheVolumes::CacheVolumes(std::string folder, Trash &trash) : m_folder(std::move(folder)), m_trash(trash)
{
    const QDir all(QFile::decodeName(m_folder.c_str()));
    for (const QString &name :
         all.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot))
        load(QFile::encodeName(name).toStdString());
}

void CacheVolumes::load(const std::string &name)
{
    Volume volume{.name = name};
    QFile about(QFile::decodeName((path(volume) + "/about").c_str()));
    if (about.open(QFile::ReadOnly)) {
        const QJsonObject json = QJsonDocument::fromJson(about.read(64L * 1024)).object();
        volume.key = json[u"key"_s].toString().toStdString();
        volume.usedAt = json[u"used_at"_s].toInteger();
    }
    if (!volume.key.empty())
        m_volumes.push_back(std::move(volume));
    else if (const Result<> gone = m_trash.discard(path(volume)); !gone)
        qWarning("%s", qUtf8Printable(gone.error().text()));
}

bool CacheVolumes::save(const Volume &volume) const
{
    const QJsonObject json{{u"key"_s, QString::fromStdString(volume.key)}, {u"used_at"_s, volume.usedAt}};
    const QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    QSaveFile about(QFile::decodeName((path(volume) + "/about").c_str()));
    return about.open(QFile::WriteOnly) && about.write(text) == text.size() && about.commit();
}

CacheVolumes::Volume *CacheVolumes::choose(const CacheRequest &request, bool *wait)
{
    *wait = false;
    Volume *idle = nullptr;
    for (Volume &volume : m_volumes) {
        if (volume.key != request.key)
            continue;
        const bool joins = request.sharing == CacheSharing::Shared && volume.users > 0 && !volume.exclusive;
        if (joins && !volume.making)
            return &volume;
        *wait = *wait || joins || request.sharing == CacheSharing::Locked;
        if (volume.users == 0 && idle == nullptr)
            idle = &volume;
    }
    return idle;
}

Result<> CacheVolumes::make(Volume &volume, const CacheRequest &request) const
{
    const std::string data = path(volume) + "/data";
    if (::mkdir(path(volume).c_str(), 0700) != 0 || ::mkdir(data.c_str(), 0755) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make a cache"), data);
    const Fd folder(::open(data.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder || ::fchmod(folder.get(), 0755) != 0)
        return pathFailure(errno, StoreText::tr("Cannot make a cache"), data);
    if (const Result<> filled = request.fill ? request.fill(folder.get()) : Result<>(); !filled)
        return filled;
    if (!save(volume))
        return failure(ErrorKind::Failed, StoreText::tr("Cannot make a cache"),
                       QFile::decodeName(data.c_str()),
                       StoreText::tr("Check that there is space on the disk."));
    return {};
}

Result<std::unique_ptr<CacheVolumes::Lease>> CacheVolumes::lease(Volume &volume)
{
    const std::string data = path(volume) + "/data";
    auto folder =
        std::make_shared<const Fd>(::open(data.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    const int failed = *folder ? 0 : errno;
    auto lease = std::make_unique<Lease>(*this, volume, std::move(folder));
    if (failed != 0)
        return pathFailure(failed, StoreText::tr("Cannot open a cache"), data);
    return lease;
}

Result<std::unique_ptr<CacheVolumes::Lease>> CacheVolumes::take(const CacheRequest &request,
                                                                const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    bool wait = false;
    Volume *volume = nullptr;
    const auto isDecided = [&] {
        volume = choose(request, &wait);
        return volume != nullptr || !wait;
    };
    if (!m_changed.wait(lock, stop, isDecided))
        return failure(ErrorKind::Cancelled, StoreText::tr("The wait for a cache was stopped"));
    if (volume != nullptr) {
        ++volume->users;
        volume->exclusive = request.sharing != CacheSharing::Shared;
        lock.unlock();
        return lease(*volume);
    }
    volume = &m_volumes.emplace_back(
        Volume{randomName(16), request.key, now(), -1, 1, request.sharing != CacheSharing::Shared, true});
    lock.unlock();
    const Result<> made = make(*volume, request);
    lock.lock();
    volume->making = false;
    m_changed.notify_all();
    if (made) {
        lock.unlock();
        return lease(*volume);
    }
    const std::string unfinished = path(*volume);
    m_volumes.remove_if([volume](const Volume &each) { return &each == volume; });
    lock.unlock();
    if (const Result<> gone = m_trash.discard(unfinished); !gone)
        qWarning("%s", qUtf8Printable(gone.error().text()));
    return std::unexpected(made.error());
}

void CacheVolumes::release(Volume &volume)
{
    const std::scoped_lock lock(m_mutex);
    --volume.users;
    volume.size = -1;
    volume.usedAt = now();
    (void)save(volume); // Without it the cache only looks older than it is.
    m_changed.notify_all();
}

// Without the lock: commands need not wait for it.
void CacheVolumes::measure()
{
    std::map<std::string, qint64> sizes;
    {
        const std::scoped_lock lock(m_mutex);
        for (const Volume &volume : m_volumes)
            if (volume.size < 0 && !volume.making)
                sizes.emplace(volume.name, 0);
    }
    for (auto &[name, size] : sizes)
        if (const Result<LayerSize> measured = measureLayer(m_folder + '/' + name); measured)
            size = measured->allocated;
    const std::scoped_lock lock(m_mutex);
    for (Volume &volume : m_volumes)
        if (const auto found = sizes.find(volume.name); found != sizes.end())
            volume.size = found->second;
}

void CacheVolumes::addUse(StorageUse &use)
{
    measure();
    const std::scoped_lock lock(m_mutex);
    for (Volume &volume : m_volumes) {
        ++use.caches;
        use.cacheBytes += std::max<qint64>(volume.size, 0);
        if (volume.users > 0)
            volume.size = -1;
    }
}

void CacheVolumes::collect(const CollectRequest &request, Collected &collected)
{
    if (!request.caches)
        return;
    measure();
    const qint64 before = now() - std::chrono::milliseconds(request.olderThan).count();
    const std::scoped_lock lock(m_mutex);
    m_volumes.remove_if([&](Volume &volume) {
        if (volume.users > 0 || volume.usedAt > before)
            return false;
        ++collected.caches;
        collected.freed += std::max<qint64>(volume.size, 0);
        if (request.dryRun)
            return false;
        if (const Result<> gone = m_trash.discard(path(volume)); !gone)
            qWarning("%s", qUtf8Printable(gone.error().text()));
        return true;
    });
}

} // namespace cooperage::embedded
