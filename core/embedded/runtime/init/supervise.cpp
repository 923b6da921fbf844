#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/runtime/init/modes.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <linux/magic.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

static void say(const char *what)
{
    std::fprintf(stderr, "cooperage-init: %s: %s\n", what, std::strerror(errno));
}

// Undoes the \040 and the like of mountinfo, in place.
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] != '\0' && from[3] != '\0') {
            *to++ = static_cast<char>(((from[1] - '0') << 6) | ((from[2] - '0') << 3) | (from[3] - '0'));
            from += 4;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

// The copies that our mount namespace holds of other runs' mounts would keep those busy when they are
// committed. Our own are in the folder of `merged`.
static void detachOtherMounts(const std::string &store, const std::string &merged)
{
    std::FILE *file = std::fopen("/proc/self/mountinfo", "re");
    if (file == nullptr)
        return;
    const std::string prefix = store + "/active/";
    const std::string own = merged.substr(0, merged.rfind('/') + 1);
    std::vector<std::string> others;
    char *line = nullptr;
    std::size_t capacity = 0;
    while (::getline(&line, &capacity, file) > 0) {
        char point[4096] = "";
        if (std::sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1)
            continue;
        unescape(point);
        if (std::strncmp(point, prefix.c_str(), prefix.size()) == 0 &&
            std::strncmp(point, own.c_str(), own.size()) != 0)
            others.emplace_back(point);
    }
    std::free(line);
    std::fclose(file);
    for (const std::string &other : others)
        ::umount2(other.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
}

// crun refuses a machine that mixes both cgroup versions: our private view has version 2 alone. Nothing is
// made in it, so that nothing of a killed runtime can stay there: no limit is set, and processes are counted
// and ended by their namespace.
static void showCgroup2()
{
    const char *folder = "/sys/fs/cgroup";
    const unsigned long safe = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;
    struct statfs info{};
    if (::statfs(folder, &info) != 0)
        return;
    if (info.f_type != CGROUP2_SUPER_MAGIC)
        ::mount("cgroup2", folder, "cgroup2", safe, nullptr);
    else
        ::mount("", folder, "", MS_REMOUNT | MS_BIND | safe, nullptr);
}

static int namespaceInit(const char *store, const char *merged, char **program)
{
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
        say("mounting /proc");
        return 125;
    }
    detachOtherMounts(store, merged);
    showCgroup2();
    const pid_t runtime = ::fork();
    if (runtime == 0) {
        ::execv(program[0], program);
        say(program[0]);
        ::_exit(125);
    }
    // The runtime alone holds the streams from here on, so that they end with it.
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, cooperage::embedded::initChannelFd})
        ::close(fd);
    while (runtime > 0) {
        int status = 0;
        const pid_t ended = ::wait4(-1, &status, 0, nullptr);
        if (ended == runtime)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
        if (ended < 0 && errno != EINTR)
            break;
    }
    say("starting the runtime");
    return 125;
}

static int waitFor(pid_t init, const sigset_t &signals)
{
    while (true) {
        int status = 0;
        if (::waitpid(init, &status, WNOHANG) == init)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        int signal = 0;
        ::sigwait(&signals, &signal);
        if (signal == SIGTERM)
            ::kill(init, SIGKILL); // Waiting for a namespace's init waits for all of its processes.
    }
}

int superviseMode(const char *store, const char *merged, char **program)
{
    const pid_t engine = ::getppid();
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != engine)
        return 125;
    ::close_range(cooperage::embedded::initChannelFd + 1, ~0U,
                  0); // No folder of the engine may leak into a container.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    if (::unshare(CLONE_NEWNS | CLONE_NEWPID) != 0) {
        say("unshare");
        return 125;
    }
    if (::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        say("making mounts private");
        return 125;
    }
    const pid_t init = ::fork();
    if (init < 0) {
        say("fork");
        return 125;
    }
    if (init == 0) {
        ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
        ::_exit(namespaceInit(store, merged, program));
    }
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, cooperage::embedded::initChannelFd})
        ::close(fd);
    return waitFor(init, signals);
}
