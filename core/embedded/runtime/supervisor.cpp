#include "core/embedded/runtime/supervisor.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/runtime/spawn.h"
#include "core/embedded/store/fd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace cooperage::embedded {

namespace {

using Clock = std::chrono::steady_clock;

class Run
{
public:
    Run(const SupervisedCommand &command, const OutputSink &output, const std::stop_token &stop)
        : m_command(command), m_output(output), m_stop(stop)
    {
    }

    Result<SupervisedEnd> execute()
    {
        m_begun = Clock::now();
        Result<SpawnedSupervisor> child = spawnSupervisor(m_command);
        if (!child)
            return std::unexpected(child.error());
        m_child = std::move(*child);
        const Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        const std::stop_callback waker(m_stop, [&wake] { ::eventfd_write(wake.get(), 1); });
        while (!hasEnded(wake.get()))
            watchTime();
        collect();
        return m_end;
    }

private:
    // One round of waiting; true once the supervisor, and so everything under it, is gone.
    bool hasEnded(int wake)
    {
        std::array<pollfd, 5> fds{pollfd{m_child.process.get(), POLLIN, 0},
                                  pollfd{m_killed ? -1 : wake, POLLIN, 0},
                                  pollfd{m_child.out.get(), POLLIN, 0}, pollfd{m_child.err.get(), POLLIN, 0},
                                  pollfd{m_child.in.get(), POLLOUT, 0}};
        if (::poll(fds.data(), fds.size(), waitMilliseconds()) < 0)
            return errno != EINTR;
        if (fds[2].revents != 0)
            drain(m_child.out, OutputStream::Stdout, m_end.out);
        if (fds[3].revents != 0)
            drain(m_child.err, OutputStream::Stderr, m_end.err);
        if (fds[4].revents != 0)
            feed();
        if (fds[1].revents != 0)
            kill(&SupervisedEnd::stopped);
        return fds[0].revents != 0;
    }

    int waitMilliseconds() const
    {
        if (!m_killed && m_command.timeout.count() <= 0)
            return -1;
        const auto until = m_killed ? m_killedAt + s_patience : m_begun + m_command.timeout;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
    }

    void watchTime()
    {
        const auto now = Clock::now();
        if (m_killed && now >= m_killedAt + s_patience) {
            ::kill(m_child.pid, SIGKILL);
            m_killedAt = now;
        } else if (!m_killed && m_command.timeout.count() > 0 && now >= m_begun + m_command.timeout) {
            kill(&SupervisedEnd::timedOut);
        }
    }

    void kill(bool SupervisedEnd::*why)
    {
        m_end.*why = true;
        m_killed = true;
        m_killedAt = Clock::now();
        ::kill(m_child.pid, SIGTERM); // The supervisor kills its namespace and waits for its end.
    }

    // Reads what is there, passes on what still fits and counts the rest. An ended stream is closed.
    void drain(Fd &stream, OutputStream which, StreamCount &count)
    {
        std::array<char, 65536> buffer;
        while (stream) {
            const ssize_t got = ::read(stream.get(), buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 && errno == EAGAIN)
                return;
            if (got <= 0) {
                stream.reset();
                return;
            }
            const std::int64_t fitting =
                std::clamp<std::int64_t>(m_command.truncateAt - count.passed, 0, got);
            if (fitting > 0 && m_output)
                m_output(which, buffer.data(), static_cast<std::size_t>(fitting));
            count.passed += fitting;
            count.dropped += got - fitting;
            if (!m_killed && got == static_cast<ssize_t>(buffer.size()))
                return; // A flood on one stream must not starve the others.
        }
    }

    void feed()
    {
        const std::string &data = m_command.stdinData;
        while (m_sent < data.size()) {
            const ssize_t written = ::write(m_child.in.get(), data.data() + m_sent, data.size() - m_sent);
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0 && errno == EAGAIN)
                return;
            if (written < 0)
                break; // EPIPE: the command does not want the rest.
            m_sent += static_cast<std::size_t>(written);
        }
        m_child.in.reset();
    }

    void collect()
    {
        int status = 0;
        rusage usage{};
        while (::wait4(m_child.pid, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        while (m_child.out)
            drainOrClose(m_child.out, OutputStream::Stdout, m_end.out);
        while (m_child.err)
            drainOrClose(m_child.err, OutputStream::Stderr, m_end.err);
        m_end.elapsedSeconds = std::chrono::duration<double>(Clock::now() - m_begun).count();
        InitReport report;
        if (::read(m_child.report.get(), &report, sizeof report) == sizeof report &&
            report.mark == InitReport::magic)
            m_end.report = report;
        const auto seconds = [](const timeval &time) {
            return double(time.tv_sec) + double(time.tv_usec) / 1e6;
        };
        m_end.usage = {m_end.elapsedSeconds, seconds(usage.ru_utime), seconds(usage.ru_stime),
                       usage.ru_maxrss,      usage.ru_minflt,         usage.ru_majflt,
                       usage.ru_inblock,     usage.ru_oublock,        usage.ru_nvcsw,
                       usage.ru_nivcsw};
    }

    // Everybody who could write is gone: a stream without more bytes is at its end even if it does not say
    // so.
    void drainOrClose(Fd &stream, OutputStream which, StreamCount &count)
    {
        const std::int64_t before = count.passed + count.dropped;
        drain(stream, which, count);
        if (count.passed + count.dropped == before)
            stream.reset();
    }

    static constexpr std::chrono::seconds s_patience{5};
    const SupervisedCommand &m_command;
    const OutputSink &m_output;
    const std::stop_token &m_stop;
    SpawnedSupervisor m_child;
    SupervisedEnd m_end;
    Clock::time_point m_begun;
    Clock::time_point m_killedAt;
    std::size_t m_sent = 0;
    bool m_killed = false;
};

} // namespace

Result<SupervisedEnd> superviseRun(const SupervisedCommand &command, const OutputSink &output,
                                   const std::stop_token &stop)
{
    return Run(command, output, stop).execute();
}

} // namespace cooperage::embedded
