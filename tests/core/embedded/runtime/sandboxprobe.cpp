// Runs inside of a sandbox and says what it could do there, a line for each attempt: "NAME ERRNO", 0 for
// success. Static, so that it runs in any image; makes the system calls itself, so that no library stands
// between.

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <string_view>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

static void say(const char *name, long result)
{
    std::printf("%s %d\n", name, result < 0 ? errno : 0);
}

template <typename... Arguments>
static void call(const char *name, long number, Arguments... arguments)
{
    errno = 0;
    say(name, ::syscall(number, arguments...));
}

static void tryNamespaces()
{
    call("unshare-user", SYS_unshare, CLONE_NEWUSER);
    call("unshare-mount", SYS_unshare, CLONE_NEWNS);
    call("setns", SYS_setns, ::open("/proc/self/ns/net", O_RDONLY), 0);
    errno = 0;
    const long child = ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        ::_exit(0);
    say("clone-user", child);
    clone_args arguments{};
    call("clone3", SYS_clone3, &arguments, sizeof arguments);
}

static void tryMounts()
{
    call("mount", SYS_mount, "tmpfs", "/tmp", "tmpfs", 0, nullptr);
    call("umount", SYS_umount2, "/proc", 0);
    call("pivot_root", SYS_pivot_root, "/", "/");
    call("fsopen", SYS_fsopen, "tmpfs", 0);
    call("open_tree", SYS_open_tree, AT_FDCWD, "/", 1);
    call("move_mount", SYS_move_mount, AT_FDCWD, "/", AT_FDCWD, "/", 0);
    call("mount_setattr", SYS_mount_setattr, AT_FDCWD, "/", 0, nullptr, 0);
    call("open_by_handle_at", SYS_open_by_handle_at, AT_FDCWD, nullptr, 0);
}

static void tryKernel()
{
    call("keyctl", SYS_keyctl, 0, -3, 0);
    call("add_key", SYS_add_key, "user", "a", "b", 1, -3);
    call("request_key", SYS_request_key, "user", "a", nullptr, 0);
    call("bpf", SYS_bpf, 0, nullptr, 0);
    call("userfaultfd", SYS_userfaultfd, 0);
    call("perf_event_open", SYS_perf_event_open, nullptr, 0, 0, -1, 0);
    call("io_uring_setup", SYS_io_uring_setup, 1, nullptr);
    call("init_module", SYS_init_module, nullptr, 0, "");
    call("kexec_load", SYS_kexec_load, 0, 0, nullptr, 0);
    call("reboot", SYS_reboot, 0, 0, 0, nullptr);
    call("swapon", SYS_swapon, "/x", 0);
    call("clock_settime", SYS_clock_settime, 0, nullptr);
    call("sethostname", SYS_sethostname, "evil", 4);
    call("syslog", SYS_syslog, 3, nullptr, 0);
    call("acct", SYS_acct, nullptr);
    call("quotactl", SYS_quotactl, 0, nullptr, 0, nullptr);
    call("personality-none", SYS_personality, 0);
    call("personality-read", SYS_personality, 0xffffffff);
    call("personality-no-randomize", SYS_personality, 0x40000);
}

static void trySockets()
{
    for (const auto &[name, family] : {std::pair("socket-inet", AF_INET),
                                       {"socket-unix", AF_UNIX},
                                       {"socket-alg", AF_ALG},
                                       {"socket-vsock", AF_VSOCK}}) {
        errno = 0;
        say(name, ::socket(family, family == AF_ALG ? SOCK_SEQPACKET : SOCK_STREAM, 0));
    }
}

static void tryPtrace()
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::raise(SIGSTOP);
        ::_exit(0);
    }
    ::waitpid(child, nullptr, WUNTRACED);
    errno = 0;
    say("ptrace", ::ptrace(PTRACE_ATTACH, child, nullptr, nullptr));
    ::kill(child, SIGKILL);
}

static void tryNodes()
{
    errno = 0;
    say("mknod-char", ::mknod("/tmp-node", S_IFCHR | 0666, makedev(1, 3)));
    say("mknod-block", ::mknod("/tmp-block", S_IFBLK | 0666, makedev(8, 0)));
    say("mknod-pipe", ::mknod("/tmp-pipe", S_IFIFO | 0666, 0));
}

static void listOpenFiles()
{
    DIR *folder = ::opendir("/proc/self/fd");
    while (const dirent *entry = ::readdir(folder))
        if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(folder))
            std::printf("%s\n", entry->d_name);
    ::closedir(folder);
}

static void openEach(int count, char **paths)
{
    for (int i = 0; i < count; ++i) {
        errno = 0;
        say(paths[i], ::open(paths[i], O_RDONLY | O_NONBLOCK));
    }
}

static void writeEach(int count, char **paths)
{
    for (int i = 0; i < count; ++i) {
        errno = 0;
        const int fd = ::open(paths[i], O_WRONLY | O_NONBLOCK);
        say(paths[i], fd < 0 ? fd : ::write(fd, "1", 1));
    }
}

static void reachAbstract(const char *name)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + std::strlen(name));
    errno = 0;
    say("abstract",
        ::connect(::socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<sockaddr *>(&address), length));
}

static void reachLoopback(const char *port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    errno = 0;
    say("loopback",
        ::connect(::socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr *>(&address), sizeof address));
}

int main(int argc, char **argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "calls") {
        tryNamespaces();
        tryMounts();
        tryKernel();
        trySockets();
        tryPtrace();
        tryNodes();
    } else if (what == "fds") {
        listOpenFiles();
    } else if (what == "euid") {
        std::printf("%u\n", ::geteuid());
    } else if (what == "open") {
        openEach(argc - 2, argv + 2);
    } else if (what == "write") {
        writeEach(argc - 2, argv + 2);
    } else if (what == "reach" && argc == 4) {
        reachAbstract(argv[2]);
        reachLoopback(argv[3]);
    } else {
        return 2;
    }
    return 0;
}
