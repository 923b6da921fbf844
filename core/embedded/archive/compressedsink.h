#pragma once

#include "core/embedded/archive/bytesink.h"

#include <memory>
#include <optional>

struct archive;

namespace cooperage::embedded {

enum class Compression { None, Gzip, Bzip2, Xz, Zstd };

/// Frees a libarchive writer without writing what it still holds.
struct ArchiveWriteCloser
{
    void operator()(archive *a) const;
};
using ArchiveWriteHandle = std::unique_ptr<archive, ArchiveWriteCloser>;

/// What a libarchive writer has for its output: a sink, and the error with which the sink refused.
struct ArchiveTarget
{
    ByteSink &sink;
    std::optional<Error> error{};

    /// Opens the writer on this target; returns libarchive's code.
    [[nodiscard]] int open(archive *a);
    /// The sink's error, else libarchive's words.
    [[nodiscard]] Error problem(archive *a) const;
};

/// Compresses what it passes on. The same input gives the same bytes: no time is written, and the number of
/// threads does not depend on the machine.
class CompressedSink final : public ByteSink
{
public:
    CompressedSink(ByteSink &next, Compression compression);

    [[nodiscard]] Result<> write(QByteArrayView bytes) override;
    /// Writes the end; without it what came is no valid file.
    [[nodiscard]] Result<> finish();

private:
    [[nodiscard]] Result<> open();

    ArchiveTarget m_target;
    Compression m_compression;
    ArchiveWriteHandle m_archive;
    bool m_open = false;
};

} // namespace cooperage::embedded
