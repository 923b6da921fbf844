#pragma once

#include "core/base/error.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace cooperage::embedded {

/// Watches a growing layer on a thread of its own, as long as it lives, and calls once when it is above its
/// limit (apparent bytes). A file system gives no cheaper answer than its free space, so that is asked five
/// times a second; the folder is only walked when as much was used as could have crossed the limit, and now
/// and then (what others free hides growth), for at most about a twentieth of the time.
class LayerWatch
{
public:
    /// No limit (0): nothing is watched.
    LayerWatch(std::string folder, std::int64_t limit, std::function<void()> exceeded);

    /// The size once it was above the limit, else 0.
    [[nodiscard]] std::int64_t exceededBy() const { return m_exceeded; }

private:
    void watch(const std::stop_token &over);

    const std::string m_folder;
    const std::int64_t m_limit;
    const std::function<void()> m_call;
    std::atomic<std::int64_t> m_exceeded = 0;
    std::jthread m_thread{}; // Last: ends before what it uses.
};

} // namespace cooperage::embedded
