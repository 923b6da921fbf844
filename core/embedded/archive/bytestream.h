#pragma once

#include "core/base/error.h"
#include "core/base/sha256.h"

#include <functional>
#include <stop_token>

namespace cooperage::embedded {

/// Bytes that come one piece after the other.
class ByteStream
{
public:
    virtual ~ByteStream() = default;
    /// The next bytes, valid until the next call; empty at the end.
    [[nodiscard]] virtual Result<QByteArrayView> next() = 0;
    /// Passes over up to `count` bytes where that is cheaper than reading them; says how many it passed over.
    [[nodiscard]] virtual qint64 skip(qint64 count);
};

/// A file from `offset` on; `read` is told how many bytes went by. Does not own the descriptor and ends with
/// an error of kind Cancelled once `stop` is requested.
class FileStream final : public ByteStream
{
public:
    FileStream(int fd, QString name, std::stop_token stop, qint64 offset = 0,
               std::function<void(qint64)> read = {});
    [[nodiscard]] Result<QByteArrayView> next() override;
    [[nodiscard]] qint64 skip(qint64 count) override;

private:
    int m_fd;
    QString m_name;
    std::stop_token m_stop;
    qint64 m_offset;
    std::function<void(qint64)> m_read;
    QByteArray m_buffer;
};

/// Passes a stream on and hashes it; it never skips.
class HashedStream final : public ByteStream
{
public:
    explicit HashedStream(ByteStream &stream) : m_stream(stream) {}
    [[nodiscard]] Result<QByteArrayView> next() override;
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] QByteArray hexDigest() { return m_hash.hexDigest(); }

private:
    ByteStream &m_stream;
    Sha256 m_hash;
    qint64 m_size = 0;
};

/// The error of everything that was stopped by its user.
[[nodiscard]] Error cancelledError();

} // namespace cooperage::embedded
