#include "core/embedded/runtime/initchannel.h"

#include "core/embedded/store/filecopy.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/socket.h>

namespace cooperage::embedded {

// A command may be far longer than a message: it goes as a file in memory.
static Fd commandFile(const GuestCommand &command)
{
    std::string bytes;
    for (const std::uint32_t group : command.groups)
        bytes.append(reinterpret_cast<const char *>(&group), sizeof group);
    bytes.append(command.cwd).push_back('\0');
    for (const std::string &argument : command.argv)
        bytes.append(argument).push_back('\0');
    for (const auto &[name, value] : command.env)
        bytes.append(name).append(1, '=').append(value).push_back('\0');
    Fd file(::memfd_create("cooperage-command", MFD_CLOEXEC));
    if (file)
        if (const int failed = writeBytes(file.get(), bytes.data(), bytes.size(), 0); failed != 0) {
            file.reset();
            errno = failed;
        }
    return file;
}

int InitChannel::start(int spid, const GuestCommand &command, const std::vector<Fd> &streams) const
{
    const Fd file = commandFile(command);
    if (!file)
        return errno;
    InitRequest request;
    request.spid = spid;
    request.uid = command.uid;
    request.gid = command.gid;
    request.groups = static_cast<std::uint32_t>(command.groups.size());
    request.arguments = static_cast<std::uint32_t>(command.argv.size());
    request.variables = static_cast<std::uint32_t>(command.env.size());
    if (command.terminal) {
        request.columns = command.terminal->columns;
        request.rows = command.terminal->rows;
    }
    std::vector<int> descriptors{file.get()};
    for (const Fd &stream : streams)
        descriptors.push_back(stream.get());
    return send(request, descriptors);
}

int InitChannel::signal(int spid, int number) const
{
    InitRequest request;
    request.kind = InitRequest::Kind::Signal;
    request.spid = spid;
    request.signal = number;
    return send(request, {});
}

int InitChannel::send(const InitRequest &request, const std::vector<int> &descriptors) const
{
    InitRequest copy = request;
    iovec part{&copy, sizeof copy};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(InitRequest::descriptors * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
        cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
    }
    while (::sendmsg(m_socket.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

std::optional<InitChannel::Message> InitChannel::receive()
{
    std::array<char, sizeof(InitReport) + InitReport::longestText> bytes;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control;
    while (m_socket) {
        iovec part{bytes.data(), bytes.size()};
        msghdr arrived{};
        arrived.msg_iov = &part;
        arrived.msg_iovlen = 1;
        arrived.msg_control = control.data();
        arrived.msg_controllen = control.size();
        const ssize_t got = ::recvmsg(m_socket.get(), &arrived, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return std::nullopt;
        Message message{};
        const cmsghdr *header = got < 0 ? nullptr : CMSG_FIRSTHDR(&arrived);
        if (header != nullptr && header->cmsg_type == SCM_RIGHTS &&
            header->cmsg_len == CMSG_LEN(sizeof(int))) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
            message.terminal = Fd(descriptor);
        }
        if (got < static_cast<ssize_t>(sizeof message.report)) {
            m_socket.reset();
            return std::nullopt;
        }
        std::memcpy(&message.report, bytes.data(), sizeof message.report);
        message.text.assign(bytes.data() + sizeof message.report,
                            static_cast<std::size_t>(got) - sizeof message.report);
        if (message.report.mark == InitReport::magic)
            return message;
    }
    return std::nullopt;
}

} // namespace cooperage::embedded
