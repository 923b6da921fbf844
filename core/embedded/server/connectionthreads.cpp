#include "core/embedded/server/connectionthreads.h"

#include <system_error>

namespace cooperage::embedded {

static constexpr size_t mostThreads = 512;

void Activity::begin()
{
    const std::scoped_lock lock(m_mutex);
    ++m_connections;
}

void Activity::end()
{
    const std::scoped_lock lock(m_mutex);
    --m_connections;
    m_last = std::chrono::steady_clock::now();
}

std::optional<std::chrono::steady_clock::time_point> Activity::idleSince() const
{
    const std::scoped_lock lock(m_mutex);
    if (m_connections > 0)
        return std::nullopt;
    return m_last;
}

bool ConnectionThreads::enqueue(std::function<void()> connection)
{
    const std::scoped_lock lock(m_mutex);
    if (m_shutDown)
        return false;
    m_activity.begin();
    m_waiting.push_back(std::move(connection));
    if (m_idle < m_waiting.size() && m_threads.size() < mostThreads)
        addThread();
    m_changed.notify_one();
    return true;
}

void ConnectionThreads::addThread()
{
    try {
        m_threads.emplace_back([this] { work(); });
    } catch (const std::system_error &problem) {
        // The connection waits for one of the others.
        qWarning("engine: no further thread: %s", problem.what());
    }
}

void ConnectionThreads::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        ++m_idle;
        m_changed.wait(lock, [this] { return !m_waiting.empty() || m_shutDown; });
        --m_idle;
        if (m_waiting.empty())
            return;
        const std::function<void()> connection = std::move(m_waiting.front());
        m_waiting.pop_front();
        lock.unlock();
        connection();
        m_activity.end();
        lock.lock();
    }
}

void ConnectionThreads::shutdown()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_shutDown = true;
    }
    m_changed.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

} // namespace cooperage::embedded
