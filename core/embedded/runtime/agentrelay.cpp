#include "core/embedded/runtime/agentrelay.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <vector>

namespace cooperage::embedded {

namespace {

// Messages of the agent protocol: four bytes of length, the type, the rest.
constexpr std::size_t s_longest = 256UL * 1024;
constexpr std::size_t s_mostConnections = 64;
constexpr std::uint8_t s_requestIdentities = 11;
constexpr std::uint8_t s_signRequest = 13;
const std::vector<std::uint8_t> s_refusal{0, 0, 0, 1, 5};

bool readAll(int fd, std::uint8_t *to, std::size_t size)
{
    while (size > 0) {
        const ssize_t got = ::recv(fd, to, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool writeAll(int fd, const std::vector<std::uint8_t> &message)
{
    std::size_t done = 0;
    while (done < message.size()) {
        const ssize_t sent = ::send(fd, message.data() + done, message.size() - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        done += static_cast<std::size_t>(sent);
    }
    return true;
}

// One whole message with its length; empty at the end.
std::vector<std::uint8_t> readMessage(int fd)
{
    std::array<std::uint8_t, 4> head{};
    if (!readAll(fd, head.data(), head.size()))
        return {};
    const std::size_t size = (std::size_t(head[0]) << 24) | (std::size_t(head[1]) << 16) |
                             (std::size_t(head[2]) << 8) | std::size_t(head[3]);
    if (size == 0 || size > s_longest)
        return {};
    std::vector<std::uint8_t> message(head.begin(), head.end());
    message.resize(head.size() + size);
    return readAll(fd, message.data() + head.size(), size) ? message : std::vector<std::uint8_t>();
}

void relay(int client, int agent)
{
    while (true) {
        const std::vector<std::uint8_t> request = readMessage(client);
        if (request.empty())
            return;
        const std::uint8_t type = request[4];
        std::vector<std::uint8_t> answer = s_refusal;
        if (type == s_requestIdentities || type == s_signRequest) {
            if (!writeAll(agent, request))
                return;
            answer = readMessage(agent);
        }
        if (answer.empty() || !writeAll(client, answer))
            return;
    }
}

// A socket's address holds 107 bytes: the folder is named by a descriptor.
bool fillAddress(sockaddr_un *address, const std::string &path)
{
    address->sun_family = AF_UNIX;
    if (path.size() >= sizeof address->sun_path)
        return false;
    std::memcpy(address->sun_path, path.c_str(), path.size() + 1);
    return true;
}

Fd connectTo(const std::string &path)
{
    const Fd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    sockaddr_un address{};
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool connected =
        place && socket && fillAddress(&address, procPath(place.get())) &&
        ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    return connected ? std::move(socket) : Fd();
}

std::unexpected<Error> relayFailure(const QString &what, const std::string &path)
{
    return std::unexpected(systemError(errno, what, QFile::decodeName(path.c_str())));
}

} // namespace

Result<std::unique_ptr<AgentRelay>> AgentRelay::start(const std::string &folder, const std::string &name,
                                                      const RunMount &mount)
{
    if (!connectTo(mount.agent))
        return relayFailure(RuntimeText::tr("Cannot reach the SSH agent"), mount.agent);
    const Fd place(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    if (!place || !listener || !fillAddress(&address, procPath(place.get()) + '/' + name) ||
        ::bind(listener.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 ||
        ::fchownat(place.get(), name.c_str(), mount.uid, mount.gid, 0) != 0 ||
        ::fchmodat(place.get(), name.c_str(), mount.mode, 0) != 0 || ::listen(listener.get(), 16) != 0)
        return relayFailure(RuntimeText::tr("Cannot make a socket for the SSH agent"), mount.target);
    return std::unique_ptr<AgentRelay>(new AgentRelay(std::move(listener), mount.agent));
}

AgentRelay::AgentRelay(Fd listener, std::string agent)
    : m_listener(std::move(listener)),
      m_agent(std::move(agent)),
      m_thread([this](const std::stop_token &stop) { listen(stop); })
{
}

AgentRelay::~AgentRelay()
{
    m_thread.request_stop();
    ::shutdown(m_listener.get(), SHUT_RDWR); // Ends accept.
    m_thread.join();
}

void AgentRelay::tidy()
{
    m_connections.remove_if([](const Connection &connection) { return connection.ended.load(); });
}

void AgentRelay::listen(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        Fd client(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            break;
        }
        tidy();
        Fd agent = connectTo(m_agent);
        if (!agent || m_connections.size() >= s_mostConnections)
            continue; // The command is told by the end of its connection.
        Connection &connection = m_connections.emplace_back(std::move(client), std::move(agent));
        connection.thread = std::jthread([&connection] {
            relay(connection.client.get(), connection.agent.get());
            ::shutdown(connection.client.get(), SHUT_RDWR);
            connection.ended = true;
        });
    }
    for (const Connection &connection : m_connections) {
        ::shutdown(connection.client.get(), SHUT_RDWR);
        ::shutdown(connection.agent.get(), SHUT_RDWR);
    }
    m_connections.clear(); // Waits for their threads.
}

} // namespace cooperage::embedded
