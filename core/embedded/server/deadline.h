#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace cooperage::embedded {

/// A stop token that is triggered by another one or by a time that has passed.
class Deadline
{
public:
    /// Zero seconds: never by itself.
    Deadline(const std::stop_token &outer, std::chrono::seconds after)
        : m_forward(outer, [this] { m_source.request_stop(); })
    {
        if (after.count() > 0)
            m_watch = std::jthread([this, after](const std::stop_token &over) { watch(over, after); });
    }

    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }
    /// Whether the time triggered it.
    [[nodiscard]] bool passed() const { return m_passed; }

private:
    void watch(const std::stop_token &over, std::chrono::seconds after)
    {
        std::unique_lock lock(m_mutex);
        m_never.wait_for(lock, over, after, [] { return false; });
        if (over.stop_requested() || m_source.stop_requested())
            return;
        m_passed = true;
        m_source.request_stop();
    }

    std::stop_source m_source{};
    std::atomic<bool> m_passed = false;
    std::mutex m_mutex;
    std::condition_variable_any m_never;
    std::stop_callback<std::function<void()>> m_forward;
    std::jthread m_watch{}; // Last: ends before what it uses.
};

} // namespace cooperage::embedded
