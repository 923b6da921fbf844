#pragma once

#include "core/base/error.h"
#include "core/base/sha256.h"

#include <functional>

namespace cooperage::embedded {

/// Takes bytes, one piece after the other. An error ends what writes to it and becomes its result.
class ByteSink
{
public:
    virtual ~ByteSink() = default;
    [[nodiscard]] virtual Result<> write(QByteArrayView bytes) = 0;
};

/// Hashes and counts what it passes on, or only that where there is nothing to pass it to.
class HashedSink final : public ByteSink
{
public:
    explicit HashedSink(ByteSink *next = nullptr) : m_next(next) {}
    [[nodiscard]] Result<> write(QByteArrayView bytes) override;
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] QByteArray hexDigest() { return m_hash.hexDigest(); }

private:
    ByteSink *m_next;
    Sha256 m_hash;
    qint64 m_size = 0;
};

/// Appends to a file from offset 0 on. Does not own the descriptor.
class FileSink final : public ByteSink
{
public:
    explicit FileSink(int fd) : m_fd(fd) {}
    [[nodiscard]] Result<> write(QByteArrayView bytes) override;
    [[nodiscard]] qint64 size() const { return m_size; }

private:
    int m_fd;
    qint64 m_size = 0;
};

/// Ends with an error of kind Cancelled as soon as nobody wants the bytes any more.
class WatchedSink final : public ByteSink
{
public:
    WatchedSink(ByteSink &next, const std::function<bool()> &isWanted) : m_next(next), m_isWanted(isWanted) {}
    [[nodiscard]] Result<> write(QByteArrayView bytes) override;

private:
    ByteSink &m_next;
    const std::function<bool()> &m_isWanted;
};

} // namespace cooperage::embedded
