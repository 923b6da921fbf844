#include "app/cli/support.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace cooperage::cli {

// A signal handler may do next to nothing: it writes a byte, and the event loop does the rest.
static int s_wakeUp[2] = {-1, -1};

static void (*volatile s_lastWish)() = nullptr;

void setLastWish(void (*act)())
{
    s_lastWish = act;
}

static void onSignal(int)
{
    static volatile std::sig_atomic_t again = 0;
    if (again) {
        if (s_lastWish != nullptr)
            s_lastWish();
        ::_exit(interruptedExit);
    }
    again = 1;
    const char byte = 1;
    (void)!::write(s_wakeUp[0], &byte, 1);
}

static std::stop_source makeSource()
{
    std::stop_source source;
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s_wakeUp) != 0)
        return source;
    auto *notifier = new QSocketNotifier(s_wakeUp[1], QSocketNotifier::Read, QCoreApplication::instance());
    QObject::connect(notifier, &QSocketNotifier::activated, notifier, [source, notifier]() mutable {
        notifier->setEnabled(false);
        source.request_stop();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGHUP, &action, nullptr);
    return source;
}

std::stop_token interrupted()
{
    static const std::stop_source source = makeSource();
    return source.get_token();
}

} // namespace cooperage::cli
