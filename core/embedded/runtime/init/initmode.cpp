#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/runtime/init/guestexec.h"
#include "core/embedded/runtime/init/modes.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace cooperage::embedded;

namespace {

double secondsOf(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double now()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Starts what the engine asks for, reaps everything, and ends with the main process.
class Init
{
public:
    bool begin();
    int serve();

private:
    struct Child
    {
        pid_t pid;
        int spid;
        double begun;
    };

    bool send(const void *bytes, size_t size, int descriptor = -1) const;
    bool takeRequest();
    void start(const InitRequest &request, std::vector<int> descriptors);
    void signal(const InitRequest &request) const;
    bool reap(int options);
    void report(const Child &child, int status, const rusage &usage) const;

    int m_signals = -1;
    std::vector<Child> m_children{};
    bool m_mainEnded = false;
};

bool Init::begin()
{
    ::fcntl(initChannelFd, F_SETFD, FD_CLOEXEC);
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    m_signals = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    static char message[sizeof(InitReport) + InitReport::longestText];
    const InitReport ready;
    std::memcpy(message, &ready, sizeof ready);
    size_t size = sizeof ready;
    const int devices = ::open("/proc/net/dev", O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    while (devices >= 0 && (got = ::read(devices, message + size, sizeof message - size)) > 0)
        size += static_cast<size_t>(got);
    ::close(devices);
    // Otherwise a root of the container could trace this process and speak for it.
    return ::prctl(PR_SET_DUMPABLE, 0) == 0 && m_signals >= 0 && send(message, size);
}

int Init::serve()
{
    while (!m_mainEnded) {
        pollfd fds[] = {{m_signals, POLLIN, 0}, {initChannelFd, POLLIN, 0}};
        if (::poll(fds, 2, -1) < 0 && errno != EINTR)
            return 126;
        if (fds[1].revents != 0 && !takeRequest())
            return 126;
        signalfd_siginfo info{};
        while (::read(m_signals, &info, sizeof info) > 0) {
        }
        while (reap(WNOHANG)) {
        }
    }
    return 0;
}

bool Init::send(const void *bytes, size_t size, int descriptor) const
{
    iovec part{const_cast<void *>(bytes), size};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    ssize_t sent = 0;
    while ((sent = ::sendmsg(initChannelFd, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
    }
    return sent == static_cast<ssize_t>(size);
}

// False when the engine is gone.
bool Init::takeRequest()
{
    InitRequest request;
    iovec part{&request, sizeof request};
    alignas(cmsghdr) char control[CMSG_SPACE(InitRequest::descriptors * sizeof(int))];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t got = ::recvmsg(initChannelFd, &message, MSG_CMSG_CLOEXEC);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    if (got != sizeof request || request.mark != InitRequest::magic)
        return false;
    std::vector<int> descriptors;
    const cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        descriptors.resize((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(descriptors.data(), CMSG_DATA(header), descriptors.size() * sizeof(int));
    }
    if (request.kind == InitRequest::Kind::Start)
        start(request, std::move(descriptors));
    else
        signal(request);
    return true;
}

void Init::start(const InitRequest &request, std::vector<int> descriptors)
{
    // The command alone holds its streams: when it closes its input, the engine stops sending.
    GuestOrder order(request, std::move(descriptors));
    InitReport answer;
    answer.spid = request.spid;
    answer.pid = order.read() ? order.start() : -1;
    if (answer.pid > 0) {
        answer.kind = InitReport::Kind::Started;
        m_children.push_back({answer.pid, request.spid, now()});
    } else {
        answer.kind = InitReport::Kind::Ended;
        answer.pid = 0;
        answer.exitCode = 126;
        m_mainEnded = m_mainEnded || request.spid == mainSpid;
    }
    send(&answer, sizeof answer, answer.pid > 0 ? order.terminal() : -1);
}

// Whoever was not reaped yet still has its number: no stranger can be hit.
void Init::signal(const InitRequest &request) const
{
    for (const Child &child : m_children)
        if (child.spid == request.spid)
            ::kill(child.pid, request.signal);
}

// False when there is nobody (more) to reap. With the main process all others end, and are reported first.
bool Init::reap(int options)
{
    int status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &status, options, &usage);
    if (pid < 0)
        return errno == EINTR;
    if (pid == 0)
        return false;
    for (size_t i = 0; i < m_children.size(); ++i) {
        const Child child = m_children[i];
        if (child.pid != pid)
            continue;
        m_children.erase(m_children.begin() + static_cast<ptrdiff_t>(i));
        if (child.spid == mainSpid) {
            ::kill(-1, SIGKILL);
            while (reap(0)) {
            }
            m_mainEnded = true;
        }
        report(child, status, usage);
        break;
    }
    return true;
}

void Init::report(const Child &child, int status, const rusage &usage) const
{
    InitReport report;
    report.kind = InitReport::Kind::Ended;
    report.spid = child.spid;
    report.pid = child.pid;
    if (WIFSIGNALED(status))
        report.signal = WTERMSIG(status);
    else
        report.exitCode = WEXITSTATUS(status);
    report.elapsedSeconds = now() - child.begun;
    report.userSeconds = secondsOf(usage.ru_utime);
    report.systemSeconds = secondsOf(usage.ru_stime);
    report.maxRssKb = usage.ru_maxrss;
    report.minorFaults = usage.ru_minflt;
    report.majorFaults = usage.ru_majflt;
    report.blockIn = usage.ru_inblock;
    report.blockOut = usage.ru_oublock;
    report.voluntarySwitches = usage.ru_nvcsw;
    report.involuntarySwitches = usage.ru_nivcsw;
    send(&report, sizeof report);
}

} // namespace

int initMode()
{
    Init init;
    return init.begin() ? init.serve() : 126;
}
