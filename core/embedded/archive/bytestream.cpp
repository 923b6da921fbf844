#include "core/embedded/archive/bytestream.h"

#include <QCoreApplication>

#include <cerrno>
#include <unistd.h>

namespace cooperage::embedded {

namespace {
constexpr qsizetype pieceSize = 256 * 1024;
}

qint64 ByteStream::skip(qint64)
{
    return 0;
}

FileStream::FileStream(int fd, QString name, std::stop_token stop, qint64 offset,
                       std::function<void(qint64)> read)
    : m_fd(fd),
      m_name(std::move(name)),
      m_stop(std::move(stop)),
      m_offset(offset),
      m_read(std::move(read)),
      m_buffer(pieceSize, Qt::Uninitialized)
{
}

Result<QByteArrayView> FileStream::next()
{
    if (m_stop.stop_requested())
        return std::unexpected(cancelledError());
    ssize_t got = 0;
    do {
        got = ::pread(m_fd, m_buffer.data(), static_cast<size_t>(m_buffer.size()), m_offset);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return std::unexpected(
            systemError(errno, QCoreApplication::translate("ByteStream", "Reading failed"), m_name));
    m_offset += got;
    if (m_read)
        m_read(got);
    return QByteArrayView(m_buffer.constData(), got);
}

qint64 FileStream::skip(qint64 count)
{
    m_offset += count;
    return count;
}

Result<QByteArrayView> HashedStream::next()
{
    auto bytes = m_stream.next();
    if (bytes) {
        m_hash.update(*bytes);
        m_size += bytes->size();
    }
    return bytes;
}

Error cancelledError()
{
    return {ErrorKind::Cancelled, QCoreApplication::translate("ByteStream", "Stopped")};
}

} // namespace cooperage::embedded
