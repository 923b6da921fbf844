#include "core/embedded/server/pacedstream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace cooperage::embedded {

using namespace std::chrono;

static constexpr ssize_t bytesForPatience = 1024;
static constexpr size_t longestHead = 64 * 1024;
static constexpr seconds lingering(1);

PacedStream::PacedStream(int socket, milliseconds patience)
    : m_socket(socket), m_patience(patience), m_left(patience)
{
}

PacedStream::~PacedStream()
{
    if (m_closing)
        throwAway();
    ::shutdown(m_socket.get(), SHUT_RDWR);
}

void PacedStream::throwAway()
{
    ::shutdown(m_socket.get(), SHUT_WR);
    m_left = std::min<microseconds>(m_patience, lingering);
    size_t most = 1024 * 1024;
    while (most > 0 && waitFor(POLLIN)) {
        const ssize_t got = ::recv(m_socket.get(), m_buffer.data(), std::min(m_buffer.size(), most), 0);
        if (got <= 0)
            break;
        most -= static_cast<size_t>(got);
    }
}

static int waitOn(pollfd *what, nfds_t count, microseconds patience)
{
    // Rounded up, or the last millisecond would be spent by turning round and round.
    const auto limit = ceil<milliseconds>(std::max(patience, microseconds(0)));
    int ready = 0;
    do {
        ready = ::poll(what, count, static_cast<int>(limit.count()));
    } while (ready < 0 && errno == EINTR);
    return ready;
}

bool PacedStream::waitForRequest(milliseconds idle, const Fd &stop)
{
    if (m_begin < m_end)
        return true;
    pollfd what[] = {{m_socket.get(), POLLIN, 0}, {stop.get(), POLLIN, 0}};
    return waitOn(what, 2, idle) > 0 && what[1].revents == 0;
}

void PacedStream::beginHead()
{
    m_inHead = true;
    m_left = m_patience;
    m_headSize = 0;
    m_lineSize = 0;
}

bool PacedStream::waitFor(short events) const
{
    pollfd what{m_socket.get(), events, 0};
    if (waitOn(&what, 1, microseconds(0)) > 0)
        return true;
    const auto begun = steady_clock::now();
    const bool ready = waitOn(&what, 1, m_left) > 0;
    m_closing = m_closing || !ready; // What was begun cannot be ended: no request can follow.
    m_left -= duration_cast<microseconds>(steady_clock::now() - begun);
    return ready;
}

void PacedStream::earn(ssize_t bytes)
{
    if (!m_inHead && bytes > 0)
        m_left =
            std::min(m_patience, m_left + m_patience * std::min(bytes, bytesForPatience) / bytesForPatience);
}

void PacedStream::measureHead(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; ++i) {
        m_lineSize = bytes[i] == '\n' ? 0 : m_lineSize + 1;
        ++m_headSize;
        m_headTooLong |= m_lineSize > CPPHTTPLIB_HEADER_MAX_LENGTH || m_headSize > longestHead;
    }
}

bool PacedStream::isAlive() const
{
    pollfd what{m_socket.get(), POLLIN, 0};
    char byte = 0;
    return waitOn(&what, 1, microseconds(0)) == 0 ||
           ::recv(m_socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool PacedStream::is_readable() const
{
    return m_begin < m_end || waitFor(POLLIN);
}

bool PacedStream::is_writable() const
{
    return waitFor(POLLOUT) && isAlive();
}

ssize_t PacedStream::read(char *bytes, size_t size)
{
    if (m_headSize > longestHead && m_inHead)
        return -1;
    if (m_begin == m_end) {
        if (!waitFor(POLLIN))
            return -1;
        ssize_t got = 0;
        do {
            got = ::recv(m_socket.get(), m_buffer.data(), m_buffer.size(), 0);
        } while (got < 0 && errno == EINTR);
        if (got <= 0)
            return got;
        earn(got);
        m_begin = 0;
        m_end = static_cast<size_t>(got);
    }
    const size_t count = std::min(size, m_end - m_begin);
    std::memcpy(bytes, m_buffer.data() + m_begin, count);
    m_begin += count;
    if (m_inHead)
        measureHead(bytes, count);
    return static_cast<ssize_t>(count);
}

ssize_t PacedStream::write(const char *bytes, size_t size)
{
    if (!waitFor(POLLOUT))
        return -1;
    ssize_t sent = 0;
    do {
        sent = ::send(m_socket.get(), bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && (errno == EINTR || (errno == EAGAIN && waitFor(POLLOUT))));
    earn(sent);
    return sent;
}

// Nobody asks: a listener knows only whether it is local.
void PacedStream::get_remote_ip_and_port(std::string &ip, int &port) const
{
    ip.clear();
    port = 0;
}

void PacedStream::get_local_ip_and_port(std::string &ip, int &port) const
{
    get_remote_ip_and_port(ip, port);
}

} // namespace cooperage::embedded
