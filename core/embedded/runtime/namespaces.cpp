#include "core/embedded/runtime/namespaces.h"

#include "core/embedded/runtime/idmaps.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"

#include <QString>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// Set for the program that is executed again inside: what it says is not believed without being root there.
static const char *const s_insideVariable = "COOPERAGE_ENGINE_INSIDE";

static long numberIn(const char *path)
{
    std::ifstream file(path);
    long number = -1;
    return file >> number ? number : -1;
}

Error namespaceError(int errnoValue, const NamespaceLimits &limits)
{
    if (errnoValue == EPERM && limits.unprivilegedClone == 0)
        return {ErrorKind::Denied,
                RuntimeText::tr("Unprivileged user namespaces are disabled"),
                {},
                RuntimeText::tr("Enable them: sysctl kernel.unprivileged_userns_clone=1")};
    if (errnoValue == ENOSPC && limits.most < 1024)
        return {ErrorKind::Denied,
                RuntimeText::tr("The limit on user namespaces is reached"),
                {},
                RuntimeText::tr("Set user.max_user_namespaces to 15000 or more: sysctl "
                                "user.max_user_namespaces=15000")};
    if ((errnoValue == EACCES || errnoValue == EPERM) && limits.apparmorRestricts == 1)
        return {ErrorKind::Denied,
                RuntimeText::tr("AppArmor blocks user namespaces for this program"),
                {},
                RuntimeText::tr("Install the profile that comes with the package in /etc/apparmor.d, or: "
                                "sysctl kernel.apparmor_restrict_unprivileged_userns=0")};
    if (errnoValue == EPERM || errnoValue == EACCES)
        return {ErrorKind::Denied,
                RuntimeText::tr("This machine does not allow new namespaces; "
                                "the engine may be running inside a restricted container"),
                {},
                RuntimeText::tr("Run it on the host, or in a container that may use unshare and mount.")};
    return systemError(errnoValue, RuntimeText::tr("Cannot enter a new namespace"));
}

// The cause is looked for after the failure; nothing is predicted (the table of what goes wrong is in
// docs/engine-store.md).
static std::unexpected<Error> namespaceFailure(int errnoValue)
{
    return std::unexpected(
        namespaceError(errnoValue, {numberIn("/proc/sys/kernel/unprivileged_userns_clone"),
                                    numberIn("/proc/sys/user/max_user_namespaces"),
                                    numberIn("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")}));
}

// Ours from here on: what the engine mounts is not seen outside, while disks that come later are seen here.
static Result<> ownMounts()
{
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return namespaceFailure(errno);
    // With AppArmor's restriction all of the above succeeds, and mounting fails later: so mount something
    // now.
    if (::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) != 0 || ::umount2("/tmp", MNT_DETACH) != 0)
        return namespaceFailure(errno);
    return {};
}

static bool waitForByte(int fd)
{
    char byte = 0;
    ssize_t got = 0;
    while ((got = ::read(fd, &byte, 1)) < 0 && errno == EINTR) {
    }
    return got == 1;
}

// The child maps the ids of its parent, which waits in the new namespace without any rights yet.
static Result<> mapFromOutside(pid_t target)
{
    std::array<int, 2> answer{-1, -1};
    std::array<int, 2> ready{-1, -1};
    if (::pipe2(answer.data(), O_CLOEXEC) != 0 || ::pipe2(ready.data(), O_CLOEXEC) != 0)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot enter a new namespace")));
    Fd answerIn(answer[0]);
    Fd answerOut(answer[1]);
    Fd readyIn(ready[0]);
    Fd readyOut(ready[1]);
    const pid_t mapper = ::fork();
    if (mapper < 0)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot enter a new namespace")));
    if (mapper == 0) {
        readyOut.reset();
        if (!waitForByte(readyIn.get()))
            ::_exit(0);
        const Result<> mapped = mapSubordinateIds(target);
        const QByteArray words =
            mapped ? QByteArray() : (mapped.error().what + u'\n' + mapped.error().next).toUtf8();
        const ssize_t written =
            ::write(answerOut.get(), words.constData(), static_cast<std::size_t>(words.size()));
        ::_exit(mapped && written == 0 ? 0 : 1);
    }
    answerOut.reset();
    const int failed = ::unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
    if (failed == 0 && ::write(readyOut.get(), "1", 1) != 1)
        return std::unexpected(systemError(errno, RuntimeText::tr("Cannot enter a new namespace")));
    readyOut.reset();
    QByteArray words;
    std::array<char, 4096> piece;
    ssize_t got = 0;
    while ((got = ::read(answerIn.get(), piece.data(), piece.size())) > 0)
        words.append(piece.data(), got);
    int status = 0;
    ::waitpid(mapper, &status, 0);
    if (failed != 0)
        return namespaceFailure(failed);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure(ErrorKind::Denied, QString::fromUtf8(words).section(u'\n', 0, 0), {},
                       QString::fromUtf8(words).section(u'\n', 1));
    return {};
}

static Result<> enterAsUser(char **argv)
{
    if (Result<> mapped = mapFromOutside(::getpid()); !mapped)
        return mapped;
    if (::setresgid(0, 0, 0) != 0 || ::setresuid(0, 0, 0) != 0 || ::setgroups(0, nullptr) != 0)
        return namespaceFailure(errno);
    if (Result<> mounts = ownMounts(); !mounts)
        return mounts;
    ::setenv(s_insideVariable, "1", 1);
    // Executed afresh, so that nothing that was set up as the other user stays.
    ::execv("/proc/self/exe", argv);
    return std::unexpected(systemError(errno, RuntimeText::tr("Cannot execute the engine in its namespace")));
}

Result<> enterNamespaces(char **argv)
{
    if (::geteuid() != 0)
        return enterAsUser(argv);
    const bool inside = std::getenv(s_insideVariable) != nullptr;
    ::unsetenv(s_insideVariable);
    return inside ? Result<>() : ownMounts();
}

} // namespace cooperage::embedded
