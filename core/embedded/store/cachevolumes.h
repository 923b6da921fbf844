#pragma once

#include "core/base/error.h"
#include "core/embedded/store/collection.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/trash.h"

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace cooperage::embedded {

/// Who else may use a cache at the same time.
enum class CacheSharing {
    Shared,  ///< Everybody that shares it.
    Private, ///< Nobody: whoever comes while it is in use gets another one.
    Locked,  ///< Nobody: whoever comes while it is in use waits.
};

struct CacheRequest
{
    std::string key; ///< What the cache is for: caches of one key stand for each other.
    CacheSharing sharing = CacheSharing::Shared;
    /// Puts into the new, empty folder what it begins with, owner and mode included.
    std::function<Result<>(int folder)> fill{};
};

/// Folders that commands share over time, outside of any image: `caches/<16 hex>/` holds `data/`, the folder
/// itself, and `about`, a JSON object with its key and when it was last used. A folder without `about` was
/// never finished, and goes at the next start. Thread-safe.
class CacheVolumes
{
    struct Volume;

public:
    /// A cache in use.
    class Lease
    {
    public:
        Lease(CacheVolumes &owner, Volume &volume, std::shared_ptr<const Fd> data);
        ~Lease();
        Lease(const Lease &) = delete;
        Lease &operator=(const Lease &) = delete;

        [[nodiscard]] const std::shared_ptr<const Fd> &data() const { return m_data; } ///< O_PATH

    private:
        CacheVolumes &m_owner;
        Volume &m_volume;
        std::shared_ptr<const Fd> m_data;
    };

    /// `folder` exists. Reads what is there.
    CacheVolumes(std::string folder, Trash &trash);

    /// Waits for a `Locked` one; Cancelled when told to stop.
    [[nodiscard]] Result<std::unique_ptr<Lease>> take(const CacheRequest &request,
                                                      const std::stop_token &stop);
    /// Count and bytes on disk. A cache that was used since the last call is measured anew.
    void addUse(StorageUse &use);
    /// Removes those that nobody uses and that were not used for `olderThan`, if they are asked for.
    void collect(const CollectRequest &request, Collected &collected);

private:
    struct Volume
    {
        std::string name{};
        std::string key{};
        qint64 usedAt = 0; ///< Milliseconds since 1970.
        qint64 size = -1;  ///< -1: to be measured.
        int users = 0;
        bool exclusive = false;
        bool making = false;
    };

    [[nodiscard]] std::string path(const Volume &volume) const { return m_folder + '/' + volume.name; }
    void load(const std::string &name);
    [[nodiscard]] bool save(const Volume &volume) const;
    /// The volume to use; null: none can be, and `wait` says whether one will be.
    [[nodiscard]] Volume *choose(const CacheRequest &request, bool *wait);
    [[nodiscard]] Result<> make(Volume &volume, const CacheRequest &request) const;
    [[nodiscard]] Result<std::unique_ptr<Lease>> lease(Volume &volume);
    void release(Volume &volume);
    void measure();

    const std::string m_folder;
    Trash &m_trash;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::list<Volume> m_volumes;
};

} // namespace cooperage::embedded
