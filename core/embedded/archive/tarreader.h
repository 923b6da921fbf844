#pragma once

#include "core/embedded/archive/archivefeed.h"

struct archive_entry;

namespace cooperage::embedded {

/// Reads a tar (and nothing else) off a stream of decompressed bytes, entry by entry.
class TarReader
{
public:
    struct Block
    {
        QByteArrayView bytes;
        qint64 offset = 0; ///< Gaps between blocks are holes.
        bool end = false;
    };

    TarReader(ByteStream &stream, QString name);

    /// The next entry, valid until the next call; null at the end.
    [[nodiscard]] Result<archive_entry *> next();
    /// The entry's next bytes, valid until the next call.
    [[nodiscard]] Result<Block> block();
    /// Where the entry's headers begin in the stream: a reader started there finds the same entry.
    [[nodiscard]] qint64 headerOffset() const;

private:
    QString m_name;
    Utf8Locale m_locale;
    ArchiveFeed m_feed;
    ArchiveHandle m_archive;
    bool m_open = false;
};

} // namespace cooperage::embedded
