#pragma once

#include <QByteArray>

#include <arpa/inet.h>
#include <atomic>
#include <mutex>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cooperage::test {

/// Leads connections to one port of this machine: as they are, or as a small HTTP proxy that understands
/// CONNECT.
class TcpRelay
{
public:
    explicit TcpRelay(quint16 target, bool isProxy = false) : m_target(target), m_isProxy(isProxy)
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
            ::listen(m_listener, 8) != 0 ||
            ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
            qFatal("no port for the proxy");
        m_port = ntohs(address.sin_port);
        m_accepting = std::thread([this] { accept(); });
    }
    ~TcpRelay()
    {
        m_ending = true;
        m_accepting.join();
        for (std::thread &thread : m_threads)
            thread.join();
        ::close(m_listener);
    }
    [[nodiscard]] quint16 port() const { return m_port; }
    /// Ends the first connection by which a client has sent so many bytes.
    void cutOnceAfter(qint64 bytes) { m_cutAfter = bytes; }
    [[nodiscard]] bool hasCut() const { return m_cutAfter < 0; }
    /// The request heads that came to a proxy.
    [[nodiscard]] QByteArray seen() const
    {
        const std::lock_guard lock(m_mutex);
        return m_seen;
    }

private:
    static sockaddr_in loopback(quint16 port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }
    void accept()
    {
        while (!m_ending) {
            pollfd waiting{m_listener, POLLIN, 0};
            if (::poll(&waiting, 1, 50) == 1)
                m_threads.emplace_back(
                    [this, client = ::accept(m_listener, nullptr, nullptr)] { serve(client); });
        }
    }
    void serve(int client)
    {
        QByteArray head;
        for (char byte = 0; m_isProxy && !head.endsWith("\r\n\r\n") && ::read(client, &byte, 1) == 1;)
            head += byte;
        {
            const std::lock_guard lock(m_mutex);
            m_seen += head;
        }
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(m_target);
        if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 &&
            (!m_isProxy || ::write(client, "HTTP/1.1 200 OK\r\n\r\n", 19) == 19))
            relay(client, server);
        ::close(server);
        ::close(client);
    }
    void relay(int client, int server)
    {
        qint64 sent = 0;
        char buffer[16'384];
        while (!m_ending) {
            pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            ::poll(ends, 2, 50);
            for (int i = 0; i < 2; ++i) {
                if (ends[i].revents == 0)
                    continue;
                const ssize_t got = ::read(ends[i].fd, buffer, sizeof buffer);
                if (got <= 0 || ::write(ends[1 - i].fd, buffer, static_cast<size_t>(got)) != got)
                    return;
                sent += i == 0 ? got : 0;
                if (i == 0 && m_cutAfter > 0 && sent > m_cutAfter) {
                    m_cutAfter = -1;
                    return;
                }
            }
        }
    }

    quint16 m_target;
    bool m_isProxy;
    std::atomic<qint64> m_cutAfter = 0; ///< 0: never; below: it has done so.
    quint16 m_port = 0;
    int m_listener = -1;
    std::atomic<bool> m_ending = false;
    std::thread m_accepting;
    std::vector<std::thread> m_threads;
    mutable std::mutex m_mutex;
    QByteArray m_seen;
};

} // namespace cooperage::test
