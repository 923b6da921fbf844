#include "core/embedded/server/connectionthreads.h"

#include <system_error>

namespace cooperage::embedded {

using namespace std::chrono_literals;

static constexpr size_t mostThreads = 512;
static constexpr auto idleTime = 5s;

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
    joinEnded();
    if (m_idle < m_waiting.size() && m_threads.size() < mostThreads)
        addThread();
    m_changed.notify_one();
    return true;
}

void ConnectionThreads::addThread()
{
    try {
        std::thread thread([this] { work(); });
        m_threads.emplace(thread.get_id(), std::move(thread));
    } catch (const std::system_error &problem) {
        // The connection waits for one of the others.
        qWarning("engine: no further thread: %s", problem.what());
    }
}

// They have given up the lock for good: this takes no time.
void ConnectionThreads::joinEnded()
{
    for (std::thread &thread : m_ended)
        thread.join();
    m_ended.clear();
}

void ConnectionThreads::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        ++m_idle;
        m_changed.wait_for(lock, idleTime, [this] { return !m_waiting.empty() || m_shutDown; });
        --m_idle;
        if (m_waiting.empty())
            break;
        const std::function<void()> connection = std::move(m_waiting.front());
        m_waiting.pop_front();
        lock.unlock();
        connection();
        m_activity.end();
        lock.lock();
    }
    // Once it shuts down the threads are joined where they are.
    if (m_shutDown)
        return;
    const auto self = m_threads.find(std::this_thread::get_id());
    m_ended.push_back(std::move(self->second));
    m_threads.erase(self);
}

void ConnectionThreads::shutdown()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_shutDown = true;
        joinEnded();
    }
    m_changed.notify_all();
    for (auto &[id, thread] : m_threads)
        thread.join();
}

} // namespace cooperage::embedded
