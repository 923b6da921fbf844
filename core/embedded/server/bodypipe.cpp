#include "core/embedded/server/bodypipe.h"

#include <algorithm>
#include <cstring>

namespace cooperage::embedded {

static constexpr std::size_t capacity = 1024 * 1024;

void BodyPipe::push(const char *bytes, std::size_t size)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_bytes.size() < capacity || m_abandoned; });
    if (m_abandoned)
        return;
    m_bytes.append(bytes, size);
    m_changed.notify_all();
}

void BodyPipe::finish(bool whole)
{
    const std::scoped_lock lock(m_mutex);
    m_finished = true;
    m_whole = whole;
    m_changed.notify_all();
}

std::int64_t BodyPipe::pull(char *buffer, std::int64_t size)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_bytes.empty() || m_finished; });
    if (m_bytes.empty())
        return m_whole ? 0 : -1;
    const std::size_t count = std::min(m_bytes.size() - m_read, static_cast<std::size_t>(size));
    std::memcpy(buffer, m_bytes.data() + m_read, count);
    m_read += count;
    // Emptied only as a whole: taking bytes off the front would move all the others each time.
    if (m_read == m_bytes.size()) {
        m_bytes.clear();
        m_read = 0;
        m_changed.notify_all();
    }
    return static_cast<std::int64_t>(count);
}

void BodyPipe::abandon()
{
    const std::scoped_lock lock(m_mutex);
    m_abandoned = true;
    m_changed.notify_all();
}

} // namespace cooperage::embedded
