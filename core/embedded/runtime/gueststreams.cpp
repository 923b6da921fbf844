#include "core/embedded/runtime/gueststreams.h"

#include "core/embedded/runtime/runtimetext.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>

namespace cooperage::embedded {

static constexpr int mostInTerminal = 256 * 1024; // The kernel's own buffers hold less.

bool Pipe::open()
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    reading = Fd(ends[0]);
    writing = Fd(ends[1]);
    return true;
}

void setNonBlocking(const Fd &fd)
{
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

GuestStreams::GuestStreams(std::int64_t truncateAt, Sink sink)
    : m_truncateAt(truncateAt), m_sink(std::move(sink))
{
}

Result<std::vector<Fd>> GuestStreams::open()
{
    Pipe in;
    Pipe out;
    Pipe err;
    if (!in.open() || !out.open() || !err.open())
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot start a command")));
    m_in = std::move(in.writing);
    m_out = std::move(out.reading);
    m_err = std::move(err.reading);
    for (const Fd *fd : {&m_in, &m_out, &m_err})
        setNonBlocking(*fd);
    std::vector<Fd> theirs;
    for (Fd *end : {&in.reading, &out.writing, &err.writing})
        theirs.push_back(std::move(*end));
    return theirs;
}

void GuestStreams::setTerminal(Fd master)
{
    m_in = Fd(::fcntl(master.get(), F_DUPFD_CLOEXEC, 0));
    m_out = std::move(master);
    setNonBlocking(m_out);
    if (m_size)
        resize(*m_size);
}

void GuestStreams::resize(TerminalSize size)
{
    m_size = size;
    const winsize window{size.rows, size.columns, 0, 0};
    if (m_isTerminal && m_out)
        ::ioctl(m_out.get(), TIOCSWINSZ, &window); // The foreground processes are sent SIGWINCH.
}

void GuestStreams::feed(const std::string &bytes, bool close)
{
    m_input.append(bytes);
    m_close = m_close || close;
}

void GuestStreams::watch(std::vector<pollfd> &fds) const
{
    if (m_in && waiting() > 0)
        fds.push_back({m_in.get(), POLLOUT, 0});
    for (const Fd *fd : {&m_out, &m_err})
        if (*fd && !m_paused)
            fds.push_back({fd->get(), POLLIN, 0});
}

void GuestStreams::move()
{
    write();
    if (!m_paused)
        drain(m_out, OutputStream::Stdout, m_outCount);
    drain(m_err, OutputStream::Stderr, m_errCount);
}

void GuestStreams::write()
{
    if (m_isTerminal && !m_in)
        return; // Not there yet, or hung up.
    while (m_in && waiting() > 0) {
        const ssize_t written = ::write(m_in.get(), m_input.data() + m_sent, waiting());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN)
            return;
        if (written < 0)
            m_in.reset(); // EPIPE: the process does not want the rest.
        else
            m_sent += static_cast<std::size_t>(written);
    }
    m_input.clear();
    m_sent = 0;
    if (m_close)
        m_in.reset();
    if (m_close && m_isTerminal)
        m_out.reset(); // Without its master end the terminal is hung up: SIGHUP.
}

// Reads once, passes on what still fits and counts the rest: a flood on one stream must not starve the
// others. False when there was nothing. An ended stream is closed.
bool GuestStreams::drain(Fd &stream, OutputStream which, StreamCount &count)
{
    std::array<char, 65536> buffer;
    ssize_t got = -1;
    while (stream && (got = ::read(stream.get(), buffer.data(), buffer.size())) < 0 && errno == EINTR) {
    }
    if (stream && (got == 0 || (got < 0 && errno != EAGAIN)))
        stream.reset();
    if (got <= 0)
        return false;
    if (!m_sink)
        return true;
    const std::int64_t fitting = std::clamp<std::int64_t>(m_truncateAt - count.passed, 0, got);
    if (fitting > 0)
        m_sink(which, buffer.data(), static_cast<std::size_t>(fitting));
    count.passed += fitting;
    count.dropped += got - fitting;
    return true;
}

void GuestStreams::finish()
{
    // A process that it left behind may go on writing: no more than what fits into the pipe can be its own.
    const auto rest = [this](Fd &stream, OutputStream which, StreamCount &count) {
        const std::int64_t before = count.passed + count.dropped;
        const int capacity = !stream        ? 0
                             : m_isTerminal ? mostInTerminal
                                            : ::fcntl(stream.get(), F_GETPIPE_SZ);
        while (count.passed + count.dropped - before < capacity && drain(stream, which, count)) {
        }
    };
    rest(m_out, OutputStream::Stdout, m_outCount);
    rest(m_err, OutputStream::Stderr, m_errCount);
    m_sink = {};
    m_in.reset();
    m_input.clear();
    m_sent = 0;
}

} // namespace cooperage::embedded
