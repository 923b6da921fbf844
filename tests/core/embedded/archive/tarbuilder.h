#pragma once

#include "core/base/sha256.h"
#include "core/embedded/archive/archivefeed.h"

#include <QByteArray>

#include <archive.h>
#include <archive_entry.h>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace cooperage::test {

/// One entry of a tar, hostile ones included: nothing is checked here.
struct TarEntry
{
    std::string name;
    int type = AE_IFREG;
    std::string content{};
    int mode = 0644;
    std::int64_t uid = 0;
    std::int64_t gid = 0;
    std::int64_t mtime = 1'000'000'000;
    long nanoseconds = 0;
    std::string link{};
    std::string hardLink{};
    dev_t device = 0;
    std::vector<std::pair<std::string, std::string>> xattrs{};
    std::int64_t sparseSize = -1; ///< The content at offset 0, then a hole up to here.
};

inline TarEntry folder(std::string name, int mode = 0755)
{
    return {.name = std::move(name), .type = AE_IFDIR, .mode = mode};
}

inline TarEntry file(std::string name, std::string content = "x")
{
    return {.name = std::move(name), .content = std::move(content)};
}

inline TarEntry softLink(std::string name, std::string target)
{
    return {.name = std::move(name), .type = AE_IFLNK, .mode = 0777, .link = std::move(target)};
}

inline TarEntry hardLink(std::string name, std::string target)
{
    return {.name = std::move(name), .hardLink = std::move(target)};
}

namespace detail {

inline la_ssize_t appendTo(archive *, void *bytes, const void *buffer, size_t size)
{
    static_cast<QByteArray *>(bytes)->append(static_cast<const char *>(buffer), static_cast<qsizetype>(size));
    return static_cast<la_ssize_t>(size);
}

inline void add(archive *a, const TarEntry &from)
{
    archive_entry *entry = archive_entry_new();
    archive_entry_copy_pathname(entry, from.name.c_str());
    if (from.hardLink.empty())
        archive_entry_set_filetype(entry, static_cast<unsigned>(from.type));
    else
        archive_entry_copy_hardlink(entry, from.hardLink.c_str());
    archive_entry_set_perm(entry, static_cast<mode_t>(from.mode));
    archive_entry_set_uid(entry, from.uid);
    archive_entry_set_gid(entry, from.gid);
    archive_entry_set_mtime(entry, from.mtime, from.nanoseconds);
    if (!from.link.empty())
        archive_entry_copy_symlink(entry, from.link.c_str());
    archive_entry_set_rdev(entry, from.device);
    for (const auto &[name, value] : from.xattrs)
        archive_entry_xattr_add_entry(entry, name.c_str(), value.data(), value.size());
    const bool hasContent = from.type == AE_IFREG && from.hardLink.empty();
    archive_entry_set_size(entry, hasContent ? static_cast<std::int64_t>(from.content.size()) : 0);
    if (from.sparseSize >= 0) {
        archive_entry_set_size(entry, from.sparseSize);
        archive_entry_sparse_add_entry(entry, 0, static_cast<std::int64_t>(from.content.size()));
    }
    archive_write_header(a, entry);
    if (hasContent)
        archive_write_data(a, from.content.data(), from.content.size());
    archive_entry_free(entry);
}

} // namespace detail

/// A tar of the entries in their order, compressed by ARCHIVE_FILTER_...
inline QByteArray tarOf(const std::vector<TarEntry> &entries, int filter = ARCHIVE_FILTER_NONE)
{
    const embedded::Utf8Locale locale;
    QByteArray bytes;
    archive *a = archive_write_new();
    archive_write_set_format_pax(a);
    archive_write_set_options(a, "xattrheader=SCHILY");
    archive_write_add_filter(a, filter);
    archive_write_set_bytes_in_last_block(a, 1);
    archive_write_open(a, &bytes, nullptr, detail::appendTo, nullptr);
    for (const TarEntry &entry : entries)
        detail::add(a, entry);
    archive_write_close(a);
    archive_write_free(a);
    return bytes;
}

/// Any bytes, compressed.
inline QByteArray compressed(const QByteArray &plain, int filter)
{
    QByteArray bytes;
    archive *a = archive_write_new();
    archive_write_set_format_raw(a);
    archive_write_add_filter(a, filter);
    archive_write_set_bytes_in_last_block(a, 1);
    archive_write_open(a, &bytes, nullptr, detail::appendTo, nullptr);
    archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(a, entry);
    archive_write_data(a, plain.constData(), static_cast<size_t>(plain.size()));
    archive_entry_free(entry);
    archive_write_close(a);
    archive_write_free(a);
    return bytes;
}

inline QByteArray digest(const QByteArray &bytes)
{
    return "sha256:" + Sha256::hex(bytes);
}

/// Bytes as a stream, in odd pieces: nothing may depend on how they come.
class BytesStream final : public embedded::ByteStream
{
public:
    explicit BytesStream(QByteArray bytes, qsizetype piece = 7777) : m_bytes(std::move(bytes)), m_piece(piece)
    {
    }
    [[nodiscard]] Result<QByteArrayView> next() override
    {
        const QByteArrayView piece =
            QByteArrayView(m_bytes).sliced(m_at, std::min(m_piece, m_bytes.size() - m_at));
        m_at += piece.size();
        return piece;
    }

private:
    QByteArray m_bytes;
    qsizetype m_piece;
    qsizetype m_at = 0;
};

} // namespace cooperage::test
