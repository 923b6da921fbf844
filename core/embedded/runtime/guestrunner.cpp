#include "core/embedded/runtime/guestrunner.h"

#include "core/embedded/runtime/runtimetext.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>

namespace cooperage::embedded {

static bool hasEnded(const InitReport &report)
{
    return report.kind == InitReport::Kind::Ended;
}

GuestRunner::GuestRunner(const GuestRun &run, Fd channel) : m_run(run), m_channel(std::move(channel))
{
    m_guests.push_back(makeGuest(mainSpid, run.main, run.listener));
    m_run.instance.setMain(run.main);
}

GuestRunner::Guest GuestRunner::makeGuest(int spid, const ProcessSpec &spec,
                                          std::shared_ptr<ProcessListener> listener) const
{
    GuestStreams streams(spec.terminal ? std::numeric_limits<std::int64_t>::max() : spec.truncateAt,
                         [listener, spid](OutputStream stream, const char *bytes, std::size_t size) {
                             listener->wrote(spid, stream, bytes, size);
                         });
    if (spec.terminal)
        streams.awaitTerminal();
    streams.feed(spec.stdinData, !spec.keepStdinOpen);
    return {spid, std::move(listener), std::move(streams)};
}

void GuestRunner::watch(std::vector<pollfd> &fds) const
{
    if (m_channel.fd() >= 0)
        fds.push_back({m_channel.fd(), static_cast<short>(m_waiting.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    if (m_ready)
        fds.push_back({m_run.instance.wakeFd(), POLLIN, 0});
    for (const Guest &guest : m_guests)
        guest.streams.watch(fds);
}

void GuestRunner::work()
{
    takeMessages();
    takeCommands();
    for (Guest &guest : m_guests) {
        guest.streams.setPaused(guest.listener->isBehind());
        guest.streams.move();
        if (const std::size_t unread = guest.streams.waiting(); unread != guest.unread) {
            guest.unread = unread;
            m_run.instance.setUnread(guest.spid, unread);
        }
    }
}

void GuestRunner::takeMessages()
{
    while (std::optional<InitChannel::Message> message = m_channel.receive()) {
        const InitReport &report = message->report;
        if (report.kind == InitReport::Kind::Ready && !m_ready) {
            m_ready = true;
            if (m_run.ready)
                m_run.ready(message->text);
            if (const int failed = begin(m_guests.front(), m_run.command); failed == 0)
                m_run.instance.setReady();
            else
                refuse(m_guests.front(),
                       systemError(failed, RuntimeText::tr("Cannot start a command")).text());
            continue;
        }
        Guest *guest = find(report.spid);
        if (guest == nullptr || hasEnded(guest->end))
            continue;
        guest->end = report;
        if (report.kind == InitReport::Kind::Started)
            takeStart(*guest, *message);
        else if (report.kind == InitReport::Kind::Ended && report.spid != mainSpid)
            end(*guest, outcomeOf(*guest));
    }
}

void GuestRunner::takeStart(Guest &guest, InitChannel::Message &message) const
{
    if (message.terminal && guest.spid == mainSpid && m_run.main.terminal)
        guest.streams.setTerminal(std::move(message.terminal));
    guest.listener->started(guest.spid, message.report.pid, guest.cwd);
}

void GuestRunner::takeCommands()
{
    if (!m_ready)
        return;
    std::ranges::move(m_run.instance.take(), std::back_inserter(m_waiting));
    while (!m_waiting.empty() && carryOut(m_waiting.front()))
        m_waiting.pop_front();
}

// False if it has to wait.
bool GuestRunner::carryOut(Instance::Command &command)
{
    if (command.kind == Instance::Command::Kind::Start)
        return addGuest(command) != EAGAIN;
    Guest *guest = find(command.spid);
    if (guest == nullptr || hasEnded(guest->end))
        return true;
    if (command.kind == Instance::Command::Kind::Signal)
        return m_channel.signal(command.spid, command.signal) != EAGAIN;
    if (command.kind == Instance::Command::Kind::Resize)
        guest->streams.resize(command.size);
    else
        guest->streams.feed(command.bytes, command.close);
    return true;
}

int GuestRunner::addGuest(Instance::Command &command)
{
    m_guests.push_back(makeGuest(command.spid, command.spec, command.listener));
    Guest &guest = m_guests.back();
    const Result<GuestCommand> resolved = m_run.resolve(command.spec);
    if (!resolved) {
        refuse(guest, resolved.error().text());
        return 0;
    }
    const int failed = begin(guest, *resolved);
    if (failed == EAGAIN)
        m_guests.pop_back();
    else if (failed != 0)
        refuse(guest, systemError(failed, RuntimeText::tr("Cannot start a command")).text());
    return failed;
}

int GuestRunner::begin(Guest &guest, const GuestCommand &command)
{
    guest.cwd = command.cwd;
    if (command.terminal)
        return m_channel.start(guest.spid, command, {});
    const Result<std::vector<Fd>> theirs = guest.streams.open();
    return theirs ? m_channel.start(guest.spid, command, *theirs) : EMFILE;
}

// As a shell says that a command could not be executed.
void GuestRunner::refuse(Guest &guest, const QString &reason)
{
    const std::string line = reason.toStdString() + '\n';
    guest.listener->wrote(guest.spid, OutputStream::Stderr, line.data(), line.size());
    guest.end.kind = InitReport::Kind::Ended;
    guest.end.exitCode = 126;
    if (guest.spid == mainSpid)
        m_channel = {}; // The init ends, and with it everything; `finish` does the rest.
    else
        end(guest, outcomeOf(guest));
}

ProcessOutcome GuestRunner::end(Guest &guest, const ProcessOutcome &outcome)
{
    ProcessOutcome whole = outcome;
    guest.streams.finish();
    const StreamCount &out = guest.streams.out();
    const StreamCount &err = guest.streams.err();
    whole.stdoutTruncated = out.dropped > 0;
    whole.stderrTruncated = err.dropped > 0;
    whole.stdoutDropped = out.dropped;
    whole.stderrDropped = err.dropped;
    m_run.instance.setEnded(guest.spid);
    guest.listener->ended(guest.spid, whole);
    return whole;
}

ProcessOutcome GuestRunner::outcomeOf(const Guest &guest) const
{
    const InitReport &report = guest.end;
    ProcessOutcome outcome;
    outcome.pid = report.pid;
    outcome.exitCode = report.exitCode;
    outcome.signal = report.signal;
    outcome.usage = {
        report.elapsedSeconds,    report.userSeconds,        report.systemSeconds, report.maxRssKb,
        report.minorFaults,       report.majorFaults,        report.blockIn,       report.blockOut,
        report.voluntarySwitches, report.involuntarySwitches};
    return outcome;
}

ProcessOutcome GuestRunner::killed(const Guest &guest) const
{
    ProcessOutcome outcome;
    outcome.pid = guest.end.pid;
    outcome.exitCode = -1;
    outcome.signal = SIGKILL;
    return outcome;
}

GuestRunner::Guest *GuestRunner::find(int spid)
{
    const auto found = std::ranges::find(m_guests, spid, &Guest::spid);
    return found == m_guests.end() ? nullptr : &*found;
}

bool GuestRunner::mainEnded() const
{
    return hasEnded(m_guests.front().end);
}

ProcessOutcome GuestRunner::finish(bool timedOut, const Usage &usage)
{
    takeMessages();
    m_run.instance.setEnded(mainSpid); // From here on nothing more can be asked for.
    std::ranges::move(m_run.instance.take(), std::back_inserter(m_waiting));
    for (Instance::Command &command : m_waiting)
        if (command.kind == Instance::Command::Kind::Start)
            m_guests.push_back(makeGuest(command.spid, command.spec, command.listener));
    for (Guest &guest : m_guests)
        if (guest.spid != mainSpid && !hasEnded(guest.end))
            end(guest, killed(guest));
    Guest &main = m_guests.front();
    ProcessOutcome outcome = mainEnded() && !timedOut ? outcomeOf(main) : killed(main);
    if (!mainEnded() || timedOut)
        outcome.usage = usage;
    outcome.timedOut = timedOut;
    return end(main, outcome);
}

} // namespace cooperage::embedded
