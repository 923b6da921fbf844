#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>

namespace cooperage::embedded {

/// The open connections of a listener, so that its end need not wait for clients that do nothing.
/// Thread-safe.
class Connections
{
public:
    /// Takes a socket in while it is served. To be gone before the socket is closed.
    class Entry
    {
    public:
        Entry(Connections &all, int socket);
        ~Entry();
        Entry(const Entry &) = delete;
        Entry &operator=(const Entry &) = delete;

    private:
        Connections &m_all;
        const int m_socket;
    };

    /// What is under way gets `patience`, then every connection is cut, also those to come.
    void close(std::chrono::milliseconds patience);

private:
    std::mutex m_mutex{};
    std::condition_variable m_gone{};
    std::set<int> m_open{};
    bool m_cut = false;
};

} // namespace cooperage::embedded
