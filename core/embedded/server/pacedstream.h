#pragma once

#include "core/embedded/store/fd.h"

#include <array>
#include <chrono>
#include <httplib.h>

namespace cooperage::embedded {

/// The bytes of one connection. A client that lets the server wait uses up its patience, and earns it back
/// with the bytes of bodies, at 1 KiB for the whole: a slow transfer goes on, a trickle does not. The head of
/// a request has to come within the patience altogether.
class PacedStream : public httplib::Stream
{
public:
    PacedStream(int socket, std::chrono::milliseconds patience);
    ~PacedStream() override;
    PacedStream(const PacedStream &) = delete;
    PacedStream &operator=(const PacedStream &) = delete;

    /// Waits for the first byte of a request; false if none comes, the client has gone, or `stop` becomes
    /// readable.
    [[nodiscard]] bool waitForRequest(std::chrono::milliseconds idle, const Fd &stop);

    void beginHead();
    void endHead() { m_inHead = false; }
    [[nodiscard]] bool inHead() const { return m_inHead; }
    /// The head has a line above 8 KiB, or 64 KiB in all.
    [[nodiscard]] bool headTooLong() const { return m_headTooLong; }

    /// No further request is read from this connection; what the client still sends is thrown away for a
    /// moment, or the reply would be lost with the connection's reset.
    void closeAfterReply() { m_closing = true; }
    [[nodiscard]] bool isClosing() const { return m_closing; }

    [[nodiscard]] bool is_readable() const override;
    [[nodiscard]] bool is_writable() const override;
    ssize_t read(char *bytes, size_t size) override;
    ssize_t write(const char *bytes, size_t size) override;
    using httplib::Stream::write;
    void get_remote_ip_and_port(std::string &ip, int &port) const override;
    void get_local_ip_and_port(std::string &ip, int &port) const override;
    [[nodiscard]] int socket() const override { return m_socket.get(); }

private:
    [[nodiscard]] bool waitFor(short events) const;
    [[nodiscard]] bool isAlive() const;
    void throwAway();
    void earn(ssize_t bytes);
    void measureHead(const char *bytes, size_t size);

    const Fd m_socket;
    const std::chrono::microseconds m_patience;
    mutable std::chrono::microseconds m_left; ///< Of the patience.
    std::array<char, 4096> m_buffer{};        ///< The library reads heads byte by byte.
    size_t m_begin = 0;
    size_t m_end = 0;
    bool m_inHead = true;
    bool m_headTooLong = false;
    mutable bool m_closing = false;
    size_t m_headSize = 0;
    size_t m_lineSize = 0;
};

} // namespace cooperage::embedded
