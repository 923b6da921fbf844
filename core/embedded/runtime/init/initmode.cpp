#include "core/embedded/runtime/init/modes.h"
#include "core/embedded/runtime/init/report.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using cooperage::embedded::InitReport;
using cooperage::embedded::initReportFd;

// A shell's answers: 127 for a program that is not there, 126 for one that cannot be executed.
[[noreturn]] static void execute(char **command)
{
    ::signal(SIGPIPE, SIG_DFL);
    ::execvp(command[0], command);
    const int failed = errno;
    const char *reason =
        failed == ENOENT && std::strchr(command[0], '/') == nullptr ? "not found" : std::strerror(failed);
    std::fprintf(stderr, "%s: %s\n", command[0], reason);
    std::fflush(stderr);
    ::_exit(failed == ENOENT || failed == ENOTDIR ? 127 : 126);
}

static double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

static InitReport reportOf(pid_t pid, int status, const rusage &usage)
{
    InitReport report;
    report.pid = pid;
    if (WIFSIGNALED(status))
        report.signal = WTERMSIG(status);
    else
        report.exitCode = WEXITSTATUS(status);
    report.userSeconds = seconds(usage.ru_utime);
    report.systemSeconds = seconds(usage.ru_stime);
    report.maxRssKb = usage.ru_maxrss;
    report.minorFaults = usage.ru_minflt;
    report.majorFaults = usage.ru_majflt;
    report.blockIn = usage.ru_inblock;
    report.blockOut = usage.ru_oublock;
    report.voluntarySwitches = usage.ru_nvcsw;
    report.involuntarySwitches = usage.ru_nivcsw;
    return report;
}

int initMode(char **command)
{
    ::fcntl(initReportFd, F_SETFD, FD_CLOEXEC);
    const pid_t pid = ::fork();
    if (pid < 0) {
        std::fprintf(stderr, "%s: %s\n", command[0], std::strerror(errno));
        return 126;
    }
    if (pid == 0)
        execute(command);
    // The command alone holds its input: when it closes it, the engine stops sending.
    ::close(STDIN_FILENO);
    while (true) {
        int status = 0;
        rusage usage{};
        const pid_t ended = ::wait4(-1, &status, 0, &usage);
        if (ended < 0 && errno == EINTR)
            continue;
        if (ended < 0)
            return 126;
        if (ended != pid)
            continue;
        const InitReport report = reportOf(pid, status, usage);
        const ssize_t written = ::write(initReportFd, &report, sizeof report);
        return written == sizeof report ? 0 : 126;
    }
}
