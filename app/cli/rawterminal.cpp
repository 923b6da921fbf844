#include "app/cli/rawterminal.h"

#include "app/cli/support.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace cooperage::cli {

static int s_windowPipe[2] = {-1, -1};
static termios s_before{};

static void onWindowChange(int)
{
    const int problem = errno;
    const char byte = 1;
    (void)!::write(s_windowPipe[1], &byte, 1);
    errno = problem;
}

// Called by signal handlers too.
static void restore()
{
    ::tcsetattr(STDIN_FILENO, TCSANOW, &s_before);
}

Result<std::unique_ptr<RawTerminal>> RawTerminal::take()
{
    if (::tcgetattr(STDIN_FILENO, &s_before) != 0)
        return failure(ErrorKind::BadInput, QCoreApplication::translate(
                                                "Cli", "-it needs a terminal as standard input; leave it out "
                                                       "to run the command without one"));
    return std::unique_ptr<RawTerminal>(new RawTerminal);
}

RawTerminal::RawTerminal()
{
    (void)interrupted(); // What ends the program from now on restores the terminal.
    setLastWish(restore);
    termios raw = s_before;
    ::cfmakeraw(&raw);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    m_keys = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(m_keys.get(), &QSocketNotifier::activated, m_keys.get(), [this] { read(); });
    if (::pipe(s_windowPipe) != 0)
        return; // The size stays what it is.
    for (const int end : s_windowPipe) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    m_resized = std::make_unique<QSocketNotifier>(s_windowPipe[0], QSocketNotifier::Read);
    QObject::connect(m_resized.get(), &QSocketNotifier::activated, m_resized.get(), [this] {
        std::array<char, 64> bytes;
        while (::read(s_windowPipe[0], bytes.data(), bytes.size()) > 0) {
        }
        if (onResize)
            onResize(size());
    });
    struct sigaction action = {};
    action.sa_handler = onWindowChange;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGWINCH, &action, nullptr);
}

RawTerminal::~RawTerminal()
{
    ::signal(SIGWINCH, SIG_DFL);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &s_before);
    setLastWish(nullptr);
    m_resized.reset();
    for (int &end : s_windowPipe) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

engine::TerminalSize RawTerminal::size()
{
    winsize window{};
    if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
        return {};
    return {window.ws_col, window.ws_row};
}

void RawTerminal::read()
{
    std::array<char, 4096> bytes;
    const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0) {
        if (onKeys)
            onKeys(QByteArray(bytes.data(), got));
        return;
    }
    m_keys->setEnabled(false);
    if (onEnd)
        onEnd();
}

} // namespace cooperage::cli
