#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/store/fd.h"

#include <functional>
#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// Both ends of a pipe, closed on exec.
struct Pipe
{
    Fd reading{};
    Fd writing{};
    [[nodiscard]] bool open();
};
void setNonBlocking(const Fd &fd);

struct StreamCount
{
    std::int64_t passed = 0;
    std::int64_t dropped = 0;
};

/// Our ends of one process's standard input, output and error, none of which blocks.
class GuestStreams
{
public:
    using Sink = std::function<void(OutputStream, const char *bytes, std::size_t size)>;
    GuestStreams(std::int64_t truncateAt, Sink sink);

    /// The ends for the process: standard input, output, error. To be opened once.
    [[nodiscard]] Result<std::vector<Fd>> open();

    /// Instead of `open`: the process will have a terminal. Input waits for it.
    void awaitTerminal() { m_isTerminal = true; }
    void setTerminal(Fd master);
    void resize(TerminalSize size);
    /// A paused terminal is not read: who writes to it waits.
    void setPaused(bool paused) { m_paused = paused; }

    /// To be sent when the process takes it; `close` ends its input then. A terminal is hung up.
    void feed(const std::string &bytes, bool close);
    /// Bytes that were fed and not yet taken.
    [[nodiscard]] std::size_t waiting() const { return m_input.size() - m_sent; }

    void watch(std::vector<pollfd> &fds) const;
    /// Moves what can be moved now. What is above the limit is counted and dropped.
    void move();
    /// The process has ended: passes on what it has written; from here on output is thrown away.
    void finish();

    [[nodiscard]] const StreamCount &out() const { return m_outCount; }
    [[nodiscard]] const StreamCount &err() const { return m_errCount; }

private:
    bool drain(Fd &stream, OutputStream which, StreamCount &count);
    void write();

    const std::int64_t m_truncateAt;
    Sink m_sink;
    Fd m_in{};
    Fd m_out{};
    Fd m_err{};
    std::string m_input{};
    std::size_t m_sent = 0;
    bool m_close = false;
    bool m_isTerminal = false;
    bool m_paused = false;
    std::optional<TerminalSize> m_size{}; ///< Asked for before the terminal was there.
    StreamCount m_outCount{};
    StreamCount m_errCount{};
};

} // namespace cooperage::embedded
