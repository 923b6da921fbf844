#include "core/embedded/archive/compressedsink.h"

#include <QCoreApplication>

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>

namespace cooperage::embedded {

namespace {

// A sink that is asked less often costs less.
constexpr int blockSize = 1024 * 1024;

la_ssize_t pass(archive *a, void *target, const void *bytes, size_t size)
{
    auto *self = static_cast<ArchiveTarget *>(target);
    if (self->error)
        return -1;
    const Result<> wrote = self->sink.write({static_cast<const char *>(bytes), static_cast<qsizetype>(size)});
    if (wrote)
        return static_cast<la_ssize_t>(size);
    self->error = wrote.error();
    archive_set_error(a, EIO, "%s", "the target failed");
    return -1;
}

int addFilter(archive *a, Compression compression)
{
    switch (compression) {
    case Compression::None:
        return archive_write_add_filter_none(a);
    case Compression::Gzip:
        archive_write_add_filter_gzip(a);
        return archive_write_set_filter_option(a, "gzip", "timestamp", nullptr);
    case Compression::Bzip2:
        return archive_write_add_filter_bzip2(a);
    case Compression::Xz:
        archive_write_add_filter_xz(a);
        return archive_write_set_filter_option(a, "xz", "threads", "2");
    case Compression::Zstd:
        // One thread makes other bytes than several; their number makes no difference.
        archive_write_add_filter_zstd(a);
        return archive_write_set_filter_option(a, "zstd", "threads", "2");
    }
    return ARCHIVE_FATAL;
}

} // namespace

void ArchiveWriteCloser::operator()(archive *a) const
{
    archive_write_fail(
        a); // Otherwise freeing would write an end, and nobody would see that it is a false one.
    archive_write_free(a);
}

int ArchiveTarget::open(archive *a)
{
    archive_write_set_bytes_per_block(a, blockSize);
    archive_write_set_bytes_in_last_block(a, 1);
    return archive_write_open(a, this, nullptr, pass, nullptr);
}

Error ArchiveTarget::problem(archive *a) const
{
    if (error)
        return *error;
    const char *words = archive_error_string(a);
    return {ErrorKind::Failed,
            QCoreApplication::translate("ArchiveTarget", "The archive cannot be written: %1")
                .arg(QString::fromUtf8(words ? words : "?"))};
}

CompressedSink::CompressedSink(ByteSink &next, Compression compression)
    : m_target{next}, m_compression(compression), m_archive(archive_write_new())
{
}

Result<> CompressedSink::open()
{
    archive *a = m_archive.get();
    archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_set_format_raw(a);
    const bool good = addFilter(a, m_compression) == ARCHIVE_OK && m_target.open(a) == ARCHIVE_OK &&
                      archive_write_header(a, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    m_open = good;
    return good ? Result<>() : std::unexpected(m_target.problem(a));
}

Result<> CompressedSink::write(QByteArrayView bytes)
{
    if (!m_open) {
        if (Result<> opened = open(); !opened)
            return opened;
    }
    if (archive_write_data(m_archive.get(), bytes.data(), static_cast<size_t>(bytes.size())) != bytes.size())
        return std::unexpected(m_target.problem(m_archive.get()));
    return {};
}

Result<> CompressedSink::finish()
{
    if (!m_open) {
        if (Result<> opened = open(); !opened)
            return opened;
    }
    if (archive_write_close(m_archive.get()) != ARCHIVE_OK)
        return std::unexpected(m_target.problem(m_archive.get()));
    return {};
}

} // namespace cooperage::embedded
