#pragma once

#include "core/embedded/runtime/run.h"
#include "core/embedded/store/fd.h"

#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <mutex>

namespace cooperage::embedded {

/// Why an instance does not do what was asked for.
enum class Refusal {
    NotReady, ///< The container is not up yet: try again soon.
    Ended,    ///< The process, its input or the whole instance has ended.
    Unknown,  ///< There is no such process.
    Busy,     ///< Too many processes, or too much unread input: try again later.
};

/// The processes of one run, as other threads may reach them: 1 is the main process, further ones are started
/// while it runs and end with it. Thread-safe.
class Instance
{
public:
    Instance();

    /// Starts a further process in the same container; its number, from 2. The listener is called by the
    /// thread that runs the instance.
    [[nodiscard]] std::expected<int, Refusal> start(const ProcessSpec &spec,
                                                    std::shared_ptr<ProcessListener> listener);
    /// Standard input for a process; `close` ends it.
    [[nodiscard]] std::expected<void, Refusal> feed(int spid, const std::string &bytes, bool close);
    /// Sends a signal to the process itself, not to what it has started.
    [[nodiscard]] std::expected<void, Refusal> signal(int spid, int number);
    /// Another size for the main process's terminal. Unknown: it has none.
    [[nodiscard]] std::expected<void, Refusal> resize(TerminalSize size);
    /// Has the running thread look after everything.
    void wake();

private:
    friend class GuestRunner;

    struct Command
    {
        enum class Kind { Start, Feed, Signal, Resize } kind;
        int spid = 0;
        ProcessSpec spec{};
        std::shared_ptr<ProcessListener> listener{};
        std::string bytes{};
        bool close = false;
        int signal = 0;
        TerminalSize size{};
    };
    struct Known
    {
        bool ended = false;
        bool inputClosed = false;
        std::size_t unread = 0; ///< Bytes of input on their way.
    };
    enum class Phase { Starting, Running, Ended };

    // For the thread that runs it.
    void setMain(const ProcessSpec &spec);
    [[nodiscard]] int wakeFd() const { return m_wake.get(); }
    [[nodiscard]] std::deque<Command> take();
    void setReady();
    void setUnread(int spid, std::size_t bytes);
    void setEnded(int spid);

    [[nodiscard]] std::expected<Known *, Refusal> live(int spid);
    void push(Command command);

    std::mutex m_mutex{};
    const Fd m_wake;
    Phase m_phase = Phase::Starting;
    std::map<int, Known> m_known{};
    std::deque<Command> m_commands{};
    int m_living = 0;
    bool m_hasTerminal = false;
};

/// As `runProcess`, and `instance` can be used meanwhile. `ready` is called when the container is up, with
/// the text of its /proc/net/dev. On a time-out, a stop or a layer that grew too large everything is killed,
/// and the listeners are told.
[[nodiscard]] Result<ProcessOutcome> runInstance(const RuntimeChoice &runtime, Store &store,
                                                 const std::vector<LayerId> &layers, const LayerDraft &draft,
                                                 const ProcessSpec &spec, Instance &instance,
                                                 std::shared_ptr<ProcessListener> main,
                                                 const std::function<void(const std::string &)> &ready,
                                                 std::stop_token stop);

} // namespace cooperage::embedded
