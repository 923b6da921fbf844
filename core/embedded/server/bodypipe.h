#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace cooperage::embedded {

/// Joins a source that pushes bytes with a consumer that pulls them, on two threads, through 1 MiB of memory.
class BodyPipe
{
public:
    /// Blocks while the pipe is full; bytes are dropped once the consumer is gone.
    void push(const char *bytes, std::size_t size);
    /// No more bytes; `whole` says whether the source came to its proper end.
    void finish(bool whole);

    /// Blocks until there is something: the number of bytes, 0 at the end, -1 where the source broke off.
    [[nodiscard]] std::int64_t pull(char *buffer, std::int64_t size);
    /// The consumer will not pull again.
    void abandon();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_bytes{};
    std::size_t m_read = 0; ///< How many of m_bytes were pulled.
    bool m_finished = false;
    bool m_whole = false;
    bool m_abandoned = false;
};

} // namespace cooperage::embedded
