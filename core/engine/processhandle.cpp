#include "core/engine/processhandle.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cooperage::engine {

ProcessHandle::ProcessHandle(int fd)
    : m_fd(new int(fd), [](const int *owned) {
          ::close(*owned);
          delete owned;
      })
{
}

std::optional<ProcessHandle> ProcessHandle::open(qint64 pid)
{
    if (pid <= 0)
        return std::nullopt;
    const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
    if (fd < 0)
        return std::nullopt;
    return ProcessHandle(fd);
}

bool ProcessHandle::hasEnded() const
{
    pollfd entry{*m_fd, POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

bool ProcessHandle::sendSignal(int signal) const
{
    return ::syscall(SYS_pidfd_send_signal, *m_fd, signal, nullptr, 0) == 0;
}

} // namespace cooperage::engine
