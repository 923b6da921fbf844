#include "core/embedded/archive/tarwriter.h"

#include <archive.h>
#include <archive_entry.h>

namespace cooperage::embedded {

TarWriter::TarWriter(ByteSink &sink)
    : m_target{sink}, m_archive(archive_write_new()), m_entry(archive_entry_new())
{
}

TarWriter::~TarWriter()
{
    archive_entry_free(m_entry);
}

Result<> TarWriter::open()
{
    archive *a = m_archive.get();
    archive_write_set_format_pax_restricted(a);
    // By default each attribute would be written twice.
    archive_write_set_format_option(a, "pax", "xattrheader", "SCHILY");
    m_open = m_target.open(a) == ARCHIVE_OK;
    return m_open ? Result<>() : std::unexpected(m_target.problem(a));
}

archive_entry *TarWriter::newEntry()
{
    return archive_entry_clear(m_entry);
}

Result<> TarWriter::add()
{
    if (!m_open) {
        if (Result<> opened = open(); !opened)
            return opened;
    }
    // A warning is about a name that is not UTF-8: its bytes are written as they are.
    if (archive_write_header(m_archive.get(), m_entry) < ARCHIVE_WARN)
        return std::unexpected(m_target.problem(m_archive.get()));
    return {};
}

Result<> TarWriter::content(QByteArrayView bytes)
{
    if (archive_write_data(m_archive.get(), bytes.data(), static_cast<size_t>(bytes.size())) != bytes.size())
        return std::unexpected(m_target.problem(m_archive.get()));
    return {};
}

Result<> TarWriter::addFile(const std::string &name, qint64 size)
{
    archive_entry *entry = newEntry();
    archive_entry_copy_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, size);
    archive_entry_set_mtime(entry, 0, 0);
    return add();
}

Result<> TarWriter::addFile(const std::string &name, QByteArrayView bytes)
{
    return addFile(name, bytes.size()).and_then([&] { return content(bytes); });
}

Result<> TarWriter::close()
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
