#pragma once

#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/runtime/process.h"
#include "core/embedded/store/fd.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// A process as the init is to start it: everything is decided.
struct GuestCommand
{
    std::vector<std::string> argv;
    std::map<std::string, std::string> env{};
    std::string cwd = "/";
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups{}; ///< All supplementary groups.
    std::optional<TerminalSize> terminal{};
};

/// The engine's end of the conversation with a container's init. Never blocks.
class InitChannel
{
public:
    InitChannel() = default;
    explicit InitChannel(Fd socket) : m_socket(std::move(socket)) {}

    [[nodiscard]] int fd() const { return m_socket.get(); }

    /// Zero or an errno; EAGAIN: try again when the socket can be written to.
    /// `streams`: standard input, output and error; empty for a command with a terminal.
    [[nodiscard]] int start(int spid, const GuestCommand &command, const std::vector<Fd> &streams) const;
    [[nodiscard]] int signal(int spid, int number) const;

    struct Message
    {
        InitReport report;
        std::string text{}; ///< What stood behind it.
        Fd terminal{};      ///< The master end of a started process's terminal.
    };
    /// Nothing if there is none now. After the other end's last message the socket is closed.
    [[nodiscard]] std::optional<Message> receive();

private:
    [[nodiscard]] int send(const InitRequest &request, const std::vector<int> &descriptors) const;

    Fd m_socket{};
};

} // namespace cooperage::embedded
