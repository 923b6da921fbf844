#include "core/embedded/runtime/layerwatch.h"

#include "core/embedded/store/layersize.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sys/statvfs.h>

namespace cooperage::embedded {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

static std::int64_t usedBytes(const std::string &folder)
{
    struct statvfs info{};
    if (::statvfs(folder.c_str(), &info) != 0)
        return 0;
    return static_cast<std::int64_t>((info.f_blocks - info.f_bfree) * info.f_frsize);
}

LayerWatch::LayerWatch(std::string folder, std::int64_t limit, std::function<void()> exceeded)
    : m_folder(std::move(folder)), m_limit(limit), m_call(std::move(exceeded))
{
    if (limit > 0)
        m_thread = std::jthread([this](const std::stop_token &over) { watch(over); });
}

void LayerWatch::watch(const std::stop_token &over)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    std::int64_t usedThen = usedBytes(m_folder);
    std::int64_t room = m_limit;
    Clock::time_point next = Clock::now() + 2s;
    while (!never.wait_for(lock, over, 200ms, [] { return false; }) && !over.stop_requested()) {
        const std::int64_t used = usedBytes(m_folder);
        if (used - usedThen <= room && Clock::now() < next)
            continue;
        const Clock::time_point begun = Clock::now();
        // A folder may vanish under the walk: that says nothing about the size.
        if (const Result<LayerSize> size = measureLayer(m_folder); size) {
            if (size->apparent > m_limit) {
                m_exceeded = size->apparent;
                m_call();
                return;
            }
            room = m_limit - size->apparent;
        }
        usedThen = used;
        next = Clock::now() + std::max<Clock::duration>(2s, 20 * (Clock::now() - begun));
        // When most of the room is used by others, the free space alone would have it walked each time.
        never.wait_for(lock, over, 4 * (Clock::now() - begun), [] { return false; });
    }
}

} // namespace cooperage::embedded
