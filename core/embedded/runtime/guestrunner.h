#pragma once

#include "core/embedded/runtime/gueststreams.h"
#include "core/embedded/runtime/initchannel.h"
#include "core/embedded/runtime/instance.h"

#include <deque>
#include <functional>
#include <list>
#include <memory>

namespace cooperage::embedded {

/// What is to run in a container.
struct GuestRun
{
    Instance &instance;
    ProcessSpec main;
    GuestCommand command; ///< The main process.
    std::shared_ptr<ProcessListener> listener;
    std::function<void(const std::string &)> ready{}; ///< See runInstance.
    /// Decides what a further process needs (user, folder).
    std::function<Result<GuestCommand>(const ProcessSpec &)> resolve{};
};

/// Drives the processes of one container, on the thread that supervises it.
class GuestRunner
{
public:
    GuestRunner(const GuestRun &run, Fd channel);

    /// Adds what `work` waits for.
    void watch(std::vector<pollfd> &fds) const;
    void work();

    /// Whether there was a container at all.
    [[nodiscard]] bool wasReady() const { return m_ready; }
    /// Everything is gone: tells the listeners of what has not ended by itself, and of the main process last.
    /// `usage` is that of everything together, for a main process that was killed.
    [[nodiscard]] ProcessOutcome finish(bool timedOut, const Usage &usage);

private:
    struct Guest
    {
        int spid;
        std::shared_ptr<ProcessListener> listener;
        GuestStreams streams;
        std::string cwd{};
        InitReport end{}; ///< Kind Ended once it has.
        std::size_t unread = 0;
    };

    [[nodiscard]] bool mainEnded() const;
    void takeMessages();
    void takeCommands();
    [[nodiscard]] bool carryOut(Instance::Command &command);
    [[nodiscard]] int begin(Guest &guest, const GuestCommand &command);
    void takeStart(Guest &guest, InitChannel::Message &message) const;
    [[nodiscard]] int addGuest(Instance::Command &command);
    void refuse(Guest &guest, const QString &reason);
    ProcessOutcome end(Guest &guest, const ProcessOutcome &outcome);
    [[nodiscard]] ProcessOutcome outcomeOf(const Guest &guest) const;
    [[nodiscard]] ProcessOutcome killed(const Guest &guest) const;
    [[nodiscard]] Guest *find(int spid);
    [[nodiscard]] Guest makeGuest(int spid, const ProcessSpec &spec,
                                  std::shared_ptr<ProcessListener> listener) const;

    const GuestRun &m_run;
    InitChannel m_channel;
    bool m_ready = false;
    std::list<Guest> m_guests{}; ///< The main process first.
    std::deque<Instance::Command> m_waiting{};
};

} // namespace cooperage::embedded
