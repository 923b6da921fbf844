#pragma once

#include "core/embedded/archive/archivefeed.h"

namespace cooperage::embedded {

/// What a layer's bytes were: as they came and after decompression. Digests are 64 hex digits.
struct StreamDigests
{
    QByteArray blob;
    qint64 blobSize = 0;
    QByteArray content;
    qint64 contentSize = 0;
};

/// Decompresses gzip, zstd, bzip2 and xz, recognised by content, or passes plain bytes through, and hashes
/// both sides. Something compressed twice is refused.
class DecodedStream final : public ByteStream
{
public:
    DecodedStream(ByteStream &source, QString name);

    /// Looks at the first bytes; before anything else.
    [[nodiscard]] Result<> open();
    [[nodiscard]] bool isCompressed() const { return m_compressed; }
    [[nodiscard]] Result<QByteArrayView> next() override;
    /// Reads both sides to their ends - padding and further members count - and says what they were.
    [[nodiscard]] Result<StreamDigests> finish();

private:
    QString m_name;
    HashedStream m_blob;
    ArchiveFeed m_feed;
    ArchiveHandle m_archive;
    Sha256 m_hash;
    qint64 m_size = 0;
    bool m_compressed = false;
    bool m_ended = false;
};

} // namespace cooperage::embedded
