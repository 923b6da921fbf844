#include "core/embedded/archive/tarreader.h"

#include <QCoreApplication>

#include <archive.h>
#include <archive_entry.h>

namespace cooperage::embedded {

TarReader::TarReader(ByteStream &stream, QString name)
    : m_name(std::move(name)), m_feed(stream), m_archive(archive_read_new())
{
    archive_read_support_format_tar(m_archive.get());
    archive_read_support_format_empty(m_archive.get());
}

Result<archive_entry *> TarReader::next()
{
    archive *a = m_archive.get();
    if (!m_open && m_feed.open(a) != ARCHIVE_OK)
        return std::unexpected(m_feed.error(a, m_name));
    m_open = true;
    archive_entry *entry = nullptr;
    const int code = archive_read_next_header(a, &entry);
    if (code == ARCHIVE_EOF)
        return nullptr;
    // A warning means that a name is not in the locale's encoding; its bytes are there all the same.
    if ((code == ARCHIVE_OK || code == ARCHIVE_WARN) && archive_entry_pathname(entry))
        return entry;
    return std::unexpected(m_feed.error(a, m_name));
}

Result<TarReader::Block> TarReader::block()
{
    const void *bytes = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(m_archive.get(), &bytes, &size, &offset);
    if (code == ARCHIVE_EOF)
        return Block{{}, offset, true};
    if (code != ARCHIVE_OK)
        return std::unexpected(m_feed.error(m_archive.get(), m_name));
    return Block{QByteArrayView(static_cast<const char *>(bytes), static_cast<qsizetype>(size)), offset,
                 false};
}

qint64 TarReader::headerOffset() const
{
    return archive_read_header_position(m_archive.get());
}

} // namespace cooperage::embedded
