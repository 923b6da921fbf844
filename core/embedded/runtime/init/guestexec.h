#pragma once

#include "core/embedded/runtime/init/channel.h"

#include <string>
#include <sys/types.h>
#include <vector>

/// A process that the engine ordered, with its descriptors; closes them.
class GuestOrder
{
public:
    GuestOrder(const cooperage::embedded::InitRequest &request, std::vector<int> descriptors);
    ~GuestOrder();
    GuestOrder(const GuestOrder &) = delete;
    GuestOrder &operator=(const GuestOrder &) = delete;

    [[nodiscard]] int spid() const { return m_request.spid; }
    /// Whether the order came whole.
    [[nodiscard]] bool read();
    /// Forks: the child becomes the user and executes. -1 if there can be no further process.
    [[nodiscard]] pid_t start();
    /// The master end of the process's terminal; -1 if it has none.
    [[nodiscard]] int terminal() const { return m_terminal; }

private:
    [[nodiscard]] bool openTerminal();
    [[noreturn]] void execute();
    [[noreturn]] void giveUp(int code, const char *what, const char *reason);

    const cooperage::embedded::InitRequest m_request;
    std::vector<int> m_descriptors;
    int m_terminal = -1;
    std::string m_bytes{};
    std::vector<gid_t> m_groups{};
    const char *m_folder = "";
    std::vector<char *> m_arguments{};
    std::vector<char *> m_variables{};
};
