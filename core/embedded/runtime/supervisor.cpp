#include "core/embedded/runtime/supervisor.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/runtime/spawn.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
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
    Run(const SupervisedCommand &command, const GuestRun *run, const std::stop_token &stop)
        : m_command(command), m_run(run), m_stop(stop)
    {
    }

    Result<SupervisedEnd> execute()
    {
        m_begun = m_timed = Clock::now();
        Result<SpawnedSupervisor> child = spawnSupervisor(m_command);
        if (!child)
            return std::unexpected(child.error());
        m_child = std::move(*child);
        if (m_run != nullptr)
            m_guests.emplace(*m_run, std::move(m_child.channel));
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
        std::vector<pollfd> fds{{m_child.process.get(), POLLIN, 0},
                                {m_killed ? -1 : wake, POLLIN, 0},
                                {m_child.words.get(), POLLIN, 0}};
        if (m_guests)
            m_guests->watch(fds);
        if (::poll(fds.data(), fds.size(), waitMilliseconds()) < 0)
            return errno != EINTR;
        if (fds[2].revents != 0)
            listen();
        if (m_guests)
            m_guests->work();
        if (fds[1].revents != 0)
            kill(&SupervisedEnd::stopped);
        return fds[0].revents != 0;
    }

    int waitMilliseconds() const
    {
        if (!m_killed && m_command.timeout.count() <= 0)
            return -1;
        const auto until = m_killed ? m_killedAt + s_patience : m_timed + m_command.timeout;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
    }

    void watchTime()
    {
        const auto now = Clock::now();
        if (m_killed && now >= m_killedAt + s_patience) {
            ::kill(m_child.pid, SIGKILL);
            m_killedAt = now;
        } else if (!m_killed && m_command.timeout.count() > 0 && now >= m_timed + m_command.timeout) {
            m_timed = std::max(m_timed,
                               m_run == nullptr ? m_timed : m_run->listener->followedAt().value_or(m_timed));
            if (now >= m_timed + m_command.timeout)
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

    // False when there is nothing (more) to hear.
    bool listen()
    {
        char buffer[4096];
        const ssize_t got = m_child.words ? ::read(m_child.words.get(), buffer, sizeof buffer) : 0;
        if (got > 0 && m_end.words.size() < s_mostWords)
            m_end.words.append(buffer, got);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            m_child.words.reset();
        return got > 0;
    }

    void collect()
    {
        int status = 0;
        rusage usage{};
        while (::wait4(m_child.pid, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        while (listen()) {
        }
        if (!m_guests)
            return;
        const auto seconds = [](const timeval &time) {
            return double(time.tv_sec) + double(time.tv_usec) / 1e6;
        };
        const double elapsed = std::chrono::duration<double>(Clock::now() - m_begun).count();
        m_guests->work();
        m_end.outcome = m_guests->finish(m_end.timedOut,
                                         {elapsed, seconds(usage.ru_utime), seconds(usage.ru_stime),
                                          usage.ru_maxrss, usage.ru_minflt, usage.ru_majflt, usage.ru_inblock,
                                          usage.ru_oublock, usage.ru_nvcsw, usage.ru_nivcsw});
        m_end.began = m_guests->wasReady();
    }

    static constexpr std::chrono::seconds s_patience{5};
    static constexpr qsizetype s_mostWords = 2048;
    const SupervisedCommand &m_command;
    const GuestRun *const m_run;
    const std::stop_token &m_stop;
    SpawnedSupervisor m_child;
    std::optional<GuestRunner> m_guests;
    SupervisedEnd m_end;
    Clock::time_point m_begun;
    Clock::time_point m_timed; ///< From when the time-out counts.
    Clock::time_point m_killedAt;
    bool m_killed = false;
};

} // namespace

Result<SupervisedEnd> superviseRun(const SupervisedCommand &command, const GuestRun *run,
                                   const std::stop_token &stop)
{
    return Run(command, run, stop).execute();
}

} // namespace cooperage::embedded
