#include "core/embedded/archive/decodedstream.h"

#include <QCoreApplication>

#include <archive.h>

namespace cooperage::embedded {

namespace {

struct StreamText
{
    Q_DECLARE_TR_FUNCTIONS(DecodedStream)
};

// Zeros compress 1:32000; what follows the end of the archive is read for its digest only, up to this.
constexpr qint64 maximumTail = qint64(1) << 30;

} // namespace

DecodedStream::DecodedStream(ByteStream &source, QString name)
    : m_name(std::move(name)), m_blob(source), m_feed(m_blob), m_archive(archive_read_new())
{
    archive *a = m_archive.get();
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
}

Result<> DecodedStream::open()
{
    archive_entry *entry = nullptr;
    if (m_feed.open(m_archive.get()) != ARCHIVE_OK)
        return std::unexpected(m_feed.error(m_archive.get(), m_name));
    // One of the filters libarchive counts is the source itself.
    if (archive_filter_count(m_archive.get()) > 2)
        return failure(ErrorKind::BadInput, StreamText::tr("The data is compressed more than once"), m_name,
                       StreamText::tr("Decompress it once and try again."));
    m_compressed = archive_filter_count(m_archive.get()) == 2;
    const int code = archive_read_next_header(m_archive.get(), &entry);
    if (code != ARCHIVE_OK && code != ARCHIVE_EOF)
        return std::unexpected(m_feed.error(m_archive.get(), m_name));
    m_ended = code == ARCHIVE_EOF;
    return {};
}

Result<QByteArrayView> DecodedStream::next()
{
    const void *bytes = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    while (!m_ended && size == 0) {
        const int code = archive_read_data_block(m_archive.get(), &bytes, &size, &offset);
        if (code != ARCHIVE_OK && code != ARCHIVE_EOF)
            return std::unexpected(m_feed.error(m_archive.get(), m_name));
        m_ended = code == ARCHIVE_EOF;
    }
    const QByteArrayView piece(static_cast<const char *>(bytes), static_cast<qsizetype>(size));
    m_hash.update(piece);
    m_size += piece.size();
    return piece;
}

Result<StreamDigests> DecodedStream::finish()
{
    const qint64 before = m_size;
    for (ByteStream *stream : {static_cast<ByteStream *>(this), static_cast<ByteStream *>(&m_blob)}) {
        for (;;) {
            const auto piece = stream->next();
            if (!piece)
                return std::unexpected(piece.error());
            if (piece->isEmpty())
                break;
            if (m_size - before > maximumTail)
                return failure(ErrorKind::BadInput,
                               StreamText::tr("More than 1 GiB follows the end of the archive"), m_name);
        }
    }
    return StreamDigests{m_blob.hexDigest(), m_blob.size(), m_hash.hexDigest(), m_size};
}

} // namespace cooperage::embedded
