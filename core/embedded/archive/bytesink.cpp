#include "core/embedded/archive/bytesink.h"

#include "core/embedded/archive/bytestream.h"
#include "core/embedded/archive/scratchfile.h"

namespace cooperage::embedded {

Result<> HashedSink::write(QByteArrayView bytes)
{
    m_hash.update(bytes);
    m_size += bytes.size();
    return m_next ? m_next->write(bytes) : Result<>();
}

Result<> FileSink::write(QByteArrayView bytes)
{
    const Result<> wrote = writeAt(m_fd, bytes, m_size);
    m_size += bytes.size();
    return wrote;
}

Result<> WatchedSink::write(QByteArrayView bytes)
{
    if (m_isWanted && !m_isWanted())
        return std::unexpected(cancelledError());
    return m_next.write(bytes);
}

} // namespace cooperage::embedded
