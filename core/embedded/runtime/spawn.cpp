#include "core/embedded/runtime/spawn.h"

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
#include <sys/syscall.h>
#include <thread>

namespace cooperage::embedded {

namespace {

struct Pipe
{
    Fd reading;
    Fd writing;

    bool open()
    {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            return false;
        reading = Fd(ends[0]);
        writing = Fd(ends[1]);
        return true;
    }
};

struct Pipes
{
    Pipe in;
    Pipe out;
    Pipe err;
    Pipe report;
    bool open() { return in.open() && out.open() && err.open() && report.open(); }
};

void setNonBlocking(const Fd &fd)
{
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

// Our ends never land on 0..3: standard streams are open in every engine, and `report` is moved last.
int spawn(pid_t *pid, const std::string &program, const std::vector<char *> &argv, const Pipes &pipes)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.in.reading.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.out.writing.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.err.writing.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.report.writing.get(), initReportFd);
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
    Pipes pipes;
    if (!pipes.open())
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot start a command")));
    std::vector<std::string> words{command.initProgram, "supervise", command.store, command.merged};
    words.insert(words.end(), command.argv.begin(), command.argv.end());
    std::vector<char *> argv;
    for (std::string &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    SpawnedSupervisor child;
    if (const int failed = spawn(&child.pid, command.initProgram, argv, pipes); failed != 0)
        return std::unexpected(systemError(failed, RuntimeText::tr("Cannot start a command"),
                                           QFile::decodeName(command.initProgram.c_str())));
    child.process = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
    child.out = std::move(pipes.out.reading);
    child.err = std::move(pipes.err.reading);
    child.report = std::move(pipes.report.reading);
    if (!command.stdinData.empty())
        child.in = std::move(pipes.in.writing);
    for (const Fd *fd : {&child.in, &child.out, &child.err, &child.report})
        if (*fd)
            setNonBlocking(*fd);
    return child;
}

} // namespace cooperage::embedded
