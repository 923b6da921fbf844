#include "core/embedded/server/wakeup.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>

namespace cooperage::embedded {

static std::atomic<int> signalledEvent = -1;
static constexpr std::array caughtSignals{SIGTERM, SIGINT};
static std::array<struct sigaction, caughtSignals.size()> before;

static void add(int event)
{
    const std::uint64_t one = 1;
    // Can fail only where it is notified already.
    [[maybe_unused]] const ssize_t written = ::write(event, &one, sizeof one);
}

static void onSignal(int)
{
    const int saved = errno;
    add(signalledEvent);
    errno = saved;
}

WakeUp::WakeUp() : m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

WakeUp::~WakeUp()
{
    if (!m_catches)
        return;
    for (size_t i = 0; i < caughtSignals.size(); ++i)
        ::sigaction(caughtSignals[i], &before[i], nullptr);
    signalledEvent = -1;
}

void WakeUp::catchSignals()
{
    m_catches = true;
    signalledEvent = m_event.get();
    struct sigaction action{};
    action.sa_handler = onSignal;
    for (size_t i = 0; i < caughtSignals.size(); ++i)
        ::sigaction(caughtSignals[i], &action, &before[i]);
}

void WakeUp::notify() const
{
    add(m_event.get());
}

bool WakeUp::wait(std::chrono::milliseconds patience) const
{
    pollfd event{m_event.get(), POLLIN, 0};
    return ::poll(&event, 1, static_cast<int>(patience.count())) > 0;
}

} // namespace cooperage::embedded
