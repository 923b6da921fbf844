#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <httplib.h>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cooperage::embedded {

/// How busy the server is, over all its listeners.
class Activity
{
public:
    void begin();
    void end();
    /// No connection since then; nothing while there is one.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> idleSince() const;

private:
    mutable std::mutex m_mutex;
    int m_connections = 0;
    std::chrono::steady_clock::time_point m_last = std::chrono::steady_clock::now();
};

/// Threads for connections. A follower of events, or a client that dawdles, keeps its thread: so threads are
/// made as connections come, and a connection waits only when 512 are served. A thread that has nothing to do
/// for some seconds ends, with its connection to the database.
class ConnectionThreads : public httplib::TaskQueue
{
public:
    explicit ConnectionThreads(Activity &activity) : m_activity(activity) {}

    bool enqueue(std::function<void()> connection) override;
    void shutdown() override;

private:
    void addThread();
    void joinEnded();
    void work();

    Activity &m_activity;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::list<std::function<void()>> m_waiting{};
    std::map<std::thread::id, std::thread> m_threads{};
    std::vector<std::thread> m_ended{}; ///< To be joined.
    size_t m_idle = 0;
    bool m_shutDown = false;
};

} // namespace cooperage::embedded
