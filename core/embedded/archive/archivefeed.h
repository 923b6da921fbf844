#pragma once

#include "core/embedded/archive/bytestream.h"

#include <cstdint>
#include <memory>
#include <optional>

struct archive;

namespace cooperage::embedded {

struct ArchiveCloser
{
    void operator()(archive *a) const;
};
using ArchiveHandle = std::unique_ptr<archive, ArchiveCloser>;

/// Feeds a stream to a libarchive reader and keeps the stream's own error, which says more than libarchive's.
class ArchiveFeed
{
public:
    explicit ArchiveFeed(ByteStream &stream) : m_stream(stream) {}
    ArchiveFeed(const ArchiveFeed &) = delete;
    ArchiveFeed &operator=(const ArchiveFeed &) = delete;

    /// Returns libarchive's code.
    [[nodiscard]] int open(archive *a);
    /// What went wrong: the stream's error, else libarchive's words; `where` names what was read.
    [[nodiscard]] Error error(archive *a, const QString &where) const;

private:
    static ssize_t read(archive *a, void *self, const void **buffer);
    static std::int64_t skip(archive *a, void *self, std::int64_t count);

    ByteStream &m_stream;
    std::optional<Error> m_error;
};

/// Names inside archives are bytes; libarchive hands them over whole only under a UTF-8 locale. Sets one for
/// this thread while it lives.
class Utf8Locale
{
public:
    Utf8Locale();
    ~Utf8Locale();
    Utf8Locale(const Utf8Locale &) = delete;
    Utf8Locale &operator=(const Utf8Locale &) = delete;

private:
    void *m_previous;
};

} // namespace cooperage::embedded
