#include "core/engine/contree/bytequeue.h"

namespace cooperage::engine::contree {

static constexpr qsizetype capacity = 4 * 1024 * 1024;

bool ByteQueue::push(QByteArrayView bytes)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_aborted || m_size < capacity; });
    if (m_aborted)
        return false;
    m_pieces.push_back(bytes.toByteArray());
    m_size += bytes.size();
    m_changed.notify_all();
    return true;
}

void ByteQueue::end()
{
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
}

void ByteQueue::abort()
{
    const std::lock_guard lock(m_mutex);
    m_aborted = true;
    m_pieces.clear();
    m_changed.notify_all();
}

std::optional<QByteArray> ByteQueue::pop()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_aborted || m_ended || !m_pieces.empty(); });
    if (m_aborted || m_pieces.empty())
        return std::nullopt;
    QByteArray bytes = std::move(m_pieces.front());
    m_pieces.pop_front();
    m_size -= bytes.size();
    m_changed.notify_all();
    return bytes;
}

bool ByteQueue::isComplete()
{
    const std::lock_guard lock(m_mutex);
    return m_ended && !m_aborted && m_pieces.empty();
}

} // namespace cooperage::engine::contree
