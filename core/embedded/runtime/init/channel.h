#pragma once

#include <cstdint>

/// What the engine and the init in the container say to each other, over a SOCK_SEQPACKET socket. Both ends
/// are built together and run on one machine: the bytes of a message are the struct.
namespace cooperage::embedded {

inline constexpr int initChannelFd = 3; ///< The socket, in the container.
inline constexpr int mainSpid = 1;      ///< The process whose end is that of the instance.

/// Engine to init. `Start` comes with four descriptors: a file in memory, then standard input, output and
/// error; for a process with a terminal with the file alone. The file holds the groups (each four bytes),
/// then the working folder, the arguments and the variables, each of which ends with a zero byte.
struct InitRequest
{
    enum class Kind : std::uint32_t { Start, Signal };
    static constexpr std::uint32_t magic = 0x43706c32;
    static constexpr std::size_t descriptors = 4;
    std::uint32_t mark = magic;
    Kind kind = Kind::Start;
    std::int32_t spid = 0;
    std::int32_t signal = 0; ///< Of `Signal`.
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint32_t groups = 0;
    std::uint32_t arguments = 0;
    std::uint32_t variables = 0;
    std::uint16_t columns = 0; ///< Of the terminal that the process gets; 0: none.
    std::uint16_t rows = 0;
};

/// Init to engine. `Ready` is the first one, with the text of /proc/net/dev behind it. `Started` brings the
/// master end of a terminal as a descriptor.
struct InitReport
{
    enum class Kind : std::uint32_t { Ready, Started, Ended };
    static constexpr std::uint32_t magic = 0x43706c33;
    static constexpr std::size_t longestText = 32 * 1024;
    std::uint32_t mark = magic;
    Kind kind = Kind::Ready;
    std::int32_t spid = 0;
    std::int32_t pid = 0;       ///< As the container sees it.
    std::int32_t exitCode = -1; ///< -1 after a signal.
    std::int32_t signal = -1;   ///< -1 after an ordinary exit.
    double elapsedSeconds = 0;
    double userSeconds = 0;
    double systemSeconds = 0;
    std::int64_t maxRssKb = 0;
    std::int64_t minorFaults = 0;
    std::int64_t majorFaults = 0;
    std::int64_t blockIn = 0;
    std::int64_t blockOut = 0;
    std::int64_t voluntarySwitches = 0;
    std::int64_t involuntarySwitches = 0;
};

} // namespace cooperage::embedded
