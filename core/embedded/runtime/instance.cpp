#include "core/embedded/runtime/instance.h"

#include "core/embedded/runtime/init/channel.h"

#include <sys/eventfd.h>

namespace cooperage::embedded {

static constexpr int mostProcesses = 256; // Each holds three descriptors of the engine.
static constexpr std::size_t mostUnread = 64UL * 1024 * 1024;

Instance::Instance() : m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    m_known[mainSpid] = {};
}

void Instance::setMain(const ProcessSpec &spec)
{
    const std::scoped_lock lock(m_mutex);
    m_known[mainSpid] = {.inputClosed = !spec.keepStdinOpen, .unread = spec.stdinData.size()};
    m_hasTerminal = spec.terminal.has_value();
}

std::expected<int, Refusal> Instance::start(const ProcessSpec &spec,
                                            std::shared_ptr<ProcessListener> listener)
{
    const std::scoped_lock lock(m_mutex);
    if (m_phase != Phase::Running)
        return std::unexpected(m_phase == Phase::Starting ? Refusal::NotReady : Refusal::Ended);
    if (m_living >= mostProcesses)
        return std::unexpected(Refusal::Busy);
    const int spid = m_known.rbegin()->first + 1;
    m_known[spid] = {.inputClosed = !spec.keepStdinOpen, .unread = spec.stdinData.size()};
    ++m_living;
    push({.kind = Command::Kind::Start, .spid = spid, .spec = spec, .listener = std::move(listener)});
    return spid;
}

std::expected<Instance::Known *, Refusal> Instance::live(int spid)
{
    const auto found = m_known.find(spid);
    if (found == m_known.end())
        return std::unexpected(Refusal::Unknown);
    if (m_phase == Phase::Ended || found->second.ended)
        return std::unexpected(Refusal::Ended);
    if (m_phase == Phase::Starting)
        return std::unexpected(Refusal::NotReady);
    return &found->second;
}

std::expected<void, Refusal> Instance::feed(int spid, const std::string &bytes, bool close)
{
    const std::scoped_lock lock(m_mutex);
    const std::expected<Known *, Refusal> process = live(spid);
    if (!process)
        return std::unexpected(process.error());
    if ((*process)->inputClosed)
        return std::unexpected(Refusal::Ended);
    if ((*process)->unread > 0 && (*process)->unread + bytes.size() > mostUnread)
        return std::unexpected(Refusal::Busy);
    (*process)->inputClosed = close;
    (*process)->unread += bytes.size();
    push({.kind = Command::Kind::Feed, .spid = spid, .bytes = bytes, .close = close});
    return {};
}

std::expected<void, Refusal> Instance::signal(int spid, int number)
{
    const std::scoped_lock lock(m_mutex);
    if (const std::expected<Known *, Refusal> process = live(spid); !process)
        return std::unexpected(process.error());
    push({.kind = Command::Kind::Signal, .spid = spid, .signal = number});
    return {};
}

std::expected<void, Refusal> Instance::resize(TerminalSize size)
{
    const std::scoped_lock lock(m_mutex);
    if (const std::expected<Known *, Refusal> process = live(mainSpid); !process)
        return std::unexpected(process.error());
    if (!m_hasTerminal)
        return std::unexpected(Refusal::Unknown);
    push({.kind = Command::Kind::Resize, .spid = mainSpid, .size = size});
    return {};
}

void Instance::wake()
{
    ::eventfd_write(m_wake.get(), 1);
}

void Instance::push(Command command)
{
    m_commands.push_back(std::move(command));
    wake();
}

std::deque<Instance::Command> Instance::take()
{
    const std::scoped_lock lock(m_mutex);
    eventfd_t ignored = 0;
    ::eventfd_read(m_wake.get(), &ignored);
    return std::exchange(m_commands, {});
}

void Instance::setReady()
{
    const std::scoped_lock lock(m_mutex);
    m_phase = Phase::Running;
}

void Instance::setUnread(int spid, std::size_t bytes)
{
    const std::scoped_lock lock(m_mutex);
    for (const Command &command : m_commands)
        bytes += command.spid == spid ? command.bytes.size() : 0;
    m_known[spid].unread = bytes;
}

void Instance::setEnded(int spid)
{
    const std::scoped_lock lock(m_mutex);
    m_known[spid].ended = true;
    if (spid == mainSpid)
        m_phase = Phase::Ended;
    else
        --m_living;
}

} // namespace cooperage::embedded
