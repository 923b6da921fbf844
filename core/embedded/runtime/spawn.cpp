#include "core/embedded/runtime/spawn.h"

#include "core/embedded/runtime/gueststreams.h"
#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/runtime/supervisor.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>

namespace cooperage::embedded {

namespace {

struct Ends
{
    Pipe words;
    Fd channel; ///< Ours.
    Fd theirs;

    bool open()
    {
        std::array<int, 2> ends{-1, -1};
        if (!words.open() || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
            return false;
        channel = Fd(ends[0]);
        theirs = Fd(ends[1]);
        return true;
    }
};

// Our ends never land on 0..3: standard streams are open in every engine, and the channel is moved last.
int spawn(pid_t *pid, const std::string &program, const std::vector<char *> &argv, const Ends &ends)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends.words.writing.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends.words.writing.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends.theirs.get(), initChannelFd);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes,
                                 &none); // The engine blocks and ignores signals; its commands do not.
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    std::string path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    char *const environment[] = {path.data(), nullptr}; // Nothing of the user's: it may hold secrets.
    int failed = 0;
    // ETXTBSY: a thread that was starting a program held the just written file open for an instant.
    for (int attempt = 0; attempt < 50; ++attempt) {
        failed = ::posix_spawn(pid, program.c_str(), &actions, &attributes, argv.data(), environment);
        if (failed != ETXTBSY)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    return failed;
}

} // namespace

Result<SpawnedSupervisor> spawnSupervisor(const SupervisedCommand &command)
{
    // A command that closes its input must not end the engine.
    static std::once_flag ignored;
    std::call_once(ignored, [] { ::signal(SIGPIPE, SIG_IGN); });
    Ends ends;
    if (!ends.open())
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot start a command")));
    std::vector<std::string> words{command.initProgram, "supervise", command.store, command.merged};
    words.insert(words.end(), command.argv.begin(), command.argv.end());
    std::vector<char *> argv;
    for (std::string &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    SpawnedSupervisor child;
    if (const int failed = spawn(&child.pid, command.initProgram, argv, ends); failed != 0)
        return std::unexpected(systemError(failed, RuntimeText::tr("Cannot start a command"),
                                           QFile::decodeName(command.initProgram.c_str())));
    child.process = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
    child.words = std::move(ends.words.reading);
    child.channel = std::move(ends.channel);
    setNonBlocking(child.words);
    return child;
}

} // namespace cooperage::embedded
