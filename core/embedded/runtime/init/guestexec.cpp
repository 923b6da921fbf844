#include "core/embedded/runtime/init/guestexec.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

using cooperage::embedded::InitRequest;

GuestOrder::GuestOrder(const InitRequest &request, std::vector<int> descriptors)
    : m_request(request), m_descriptors(std::move(descriptors))
{
}

GuestOrder::~GuestOrder()
{
    for (const int fd : m_descriptors)
        ::close(fd);
    if (m_terminal >= 0)
        ::close(m_terminal);
}

bool GuestOrder::read()
{
    if (m_descriptors.size() != (m_request.columns > 0 ? 1 : InitRequest::descriptors))
        return false;
    char piece[65536];
    ssize_t got = 0;
    while ((got = ::pread(m_descriptors[0], piece, sizeof piece, static_cast<off_t>(m_bytes.size()))) > 0)
        m_bytes.append(piece, static_cast<size_t>(got));
    const size_t numbers = m_request.groups * sizeof(std::uint32_t);
    if (got < 0 || m_bytes.size() <= numbers || m_bytes.back() != '\0' || m_request.arguments == 0)
        return false;
    m_groups.resize(m_request.groups);
    std::memcpy(m_groups.data(), m_bytes.data(), numbers);
    std::vector<char *> texts;
    for (size_t at = numbers; at < m_bytes.size(); at += std::strlen(&m_bytes[at]) + 1)
        texts.push_back(&m_bytes[at]);
    if (texts.size() != size_t{1} + m_request.arguments + m_request.variables)
        return false;
    const auto arguments = texts.begin() + 1;
    const auto variables = arguments + m_request.arguments;
    m_folder = texts.front();
    m_arguments.assign(arguments, variables);
    m_arguments.push_back(nullptr);
    m_variables.assign(variables, texts.end());
    m_variables.push_back(nullptr);
    return true;
}

// A terminal of the container's own devpts, so that the process can name and open it. Its end for the process
// is opened without a path, which the container could redirect.
bool GuestOrder::openTerminal()
{
    m_terminal = ::open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    const int unlocked = 0;
    const winsize size{m_request.rows, m_request.columns, 0, 0};
    if (m_terminal < 0 || ::ioctl(m_terminal, TIOCSPTLCK, &unlocked) != 0 ||
        ::ioctl(m_terminal, TIOCSWINSZ, &size) != 0)
        return false;
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        const int end = ::ioctl(m_terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (end < 0)
            return false;
        m_descriptors.push_back(end);
    }
    return true;
}

pid_t GuestOrder::start()
{
    if (m_request.columns > 0 && !openTerminal())
        return -1;
    const pid_t pid = ::fork();
    if (pid == 0)
        execute();
    if (pid < 0)
        ::dprintf(m_descriptors[3], "%s: %s\n", m_arguments[0], std::strerror(errno));
    return pid;
}

void GuestOrder::giveUp(int code, const char *what, const char *reason)
{
    ::dprintf(STDERR_FILENO, "%s: %s\n", what, reason);
    ::_exit(code);
}

// A shell's answers: 127 for a program that is not there, 126 for one that cannot be executed.
void GuestOrder::execute()
{
    const gid_t group = m_terminal < 0 ? m_request.gid : static_cast<gid_t>(-1); // A terminal's is "tty".
    ::setsid(); // A signal to its group shall reach neither the init nor another process of the instance.
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        const int given = m_descriptors[static_cast<size_t>(fd) + 1];
        if (::fchown(given, m_request.uid, group) != 0 || ::dup2(given, fd) != fd)
            giveUp(126, m_arguments[0], std::strerror(errno)); // Owned by the user, or /dev/stdout is denied.
    }
    if (m_terminal >= 0 && ::ioctl(STDIN_FILENO, TIOCSCTTY, 0) != 0)
        giveUp(126, m_arguments[0], std::strerror(errno));
    if (::chdir(m_folder) != 0)
        giveUp(126, m_folder, std::strerror(errno));
    if (::setgroups(m_groups.size(), m_groups.data()) != 0 ||
        ::setresgid(m_request.gid, m_request.gid, m_request.gid) != 0 ||
        ::setresuid(m_request.uid, m_request.uid, m_request.uid) != 0)
        giveUp(126, "setting the user", std::strerror(errno));
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::environ = m_variables.data(); // The program is looked up in its own PATH.
    ::execvp(m_arguments[0], m_arguments.data());
    const int failed = errno;
    const bool unknown = failed == ENOENT && std::strchr(m_arguments[0], '/') == nullptr;
    giveUp(failed == ENOENT || failed == ENOTDIR ? 127 : 126, m_arguments[0],
           unknown ? "not found" : std::strerror(failed));
}
