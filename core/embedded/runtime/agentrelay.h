#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/runmount.h"
#include "core/embedded/store/fd.h"

#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <thread>

namespace cooperage::embedded {

/// A socket that stands for an SSH agent of this machine. It lists keys and signs; requests to add, remove or
/// lock keys are refused, because what runs in a container has no business with them. Ends with the object.
class AgentRelay
{
public:
    /// Makes the socket `name` in `folder`, with the owner and mode of `mount`.
    [[nodiscard]] static Result<std::unique_ptr<AgentRelay>>
    start(const std::string &folder, const std::string &name, const RunMount &mount);
    ~AgentRelay();
    AgentRelay(const AgentRelay &) = delete;
    AgentRelay &operator=(const AgentRelay &) = delete;

private:
    struct Connection
    {
        Fd client;
        Fd agent;
        std::jthread thread{};
        std::atomic<bool> ended = false;
    };

    AgentRelay(Fd listener, std::string agent);
    void listen(const std::stop_token &stop);
    void tidy();

    const Fd m_listener;
    const std::string m_agent;
    std::list<Connection> m_connections; ///< Of the listening thread.
    std::jthread m_thread;               ///< Last: it uses everything above.
};

} // namespace cooperage::embedded
