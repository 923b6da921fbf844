#pragma once

#include "core/embedded/runtime/instance.h"
#include "tests/core/embedded/runtime/runfixture.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace cooperage::test {

/// Keeps what it is told, for another thread to wait for.
class Told : public embedded::ProcessListener
{
public:
    void started(int spid, int pid, const std::string &) override
    {
        note([&] { m_pids[spid] = pid; });
    }
    void wrote(int spid, embedded::OutputStream, const char *bytes, std::size_t size) override
    {
        note([&] { m_output[spid].append(bytes, size); });
    }
    void ended(int spid, const embedded::ProcessOutcome &outcome) override
    {
        note([&] { m_ends.emplace_back(spid, outcome); });
    }

    [[nodiscard]] bool waitForOutput(int spid, const std::string &text)
    {
        return wait([&] { return m_output[spid].find(text) != std::string::npos; });
    }
    [[nodiscard]] std::optional<embedded::ProcessOutcome> waitForEnd(int spid)
    {
        (void)wait([&] { return endOf(spid).has_value(); });
        const std::scoped_lock lock(m_mutex);
        return endOf(spid);
    }
    [[nodiscard]] std::string output(int spid)
    {
        const std::scoped_lock lock(m_mutex);
        return m_output[spid];
    }
    [[nodiscard]] int pid(int spid)
    {
        const std::scoped_lock lock(m_mutex);
        return m_pids[spid];
    }
    [[nodiscard]] std::vector<int> endings()
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<int> spids;
        for (const auto &[spid, outcome] : m_ends)
            spids.push_back(spid);
        return spids;
    }

private:
    template <typename Change>
    void note(const Change &change)
    {
        const std::scoped_lock lock(m_mutex);
        change();
        m_changed.notify_all();
    }
    template <typename Until>
    bool wait(const Until &until)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(20), until);
    }
    std::optional<embedded::ProcessOutcome> endOf(int wanted) const
    {
        for (const auto &[spid, outcome] : m_ends)
            if (spid == wanted)
                return outcome;
        return {};
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<int, int> m_pids;
    std::map<int, std::string> m_output;
    std::vector<std::pair<int, embedded::ProcessOutcome>> m_ends;
};

/// An instance that runs on a thread.
struct Running
{
    embedded::Instance instance;
    std::shared_ptr<Told> told = std::make_shared<Told>();
    std::string devices;
    Result<embedded::ProcessOutcome> outcome = embedded::ProcessOutcome{};
    std::stop_source stop;
    std::jthread thread;

    Running(RunFixture &fixture, const embedded::RuntimeChoice &runtime, const embedded::ProcessSpec &spec)
    {
        thread = std::jthread([this, &fixture, runtime, spec] {
            outcome = embedded::runInstance(
                runtime, *fixture.base.store, fixture.base.layers, *fixture.draft, spec, instance, told,
                [this](const std::string &text) { devices = text; }, stop.get_token());
        });
    }
    ~Running() { stop.request_stop(); }

    /// Starts a process as soon as the container is up.
    int start(const embedded::ProcessSpec &spec)
    {
        std::expected<int, embedded::Refusal> spid;
        (void)QTest::qWaitFor([&] { return (spid = instance.start(spec, told)).has_value(); }, 20'000);
        return spid.value_or(-1);
    }
};

} // namespace cooperage::test
