#pragma once

#include "core/embedded/archive/archivefeed.h"
#include "core/embedded/archive/compressedsink.h"

#include <string>

struct archive_entry;

namespace cooperage::embedded {

/// Writes a tar (ustar, with PAX records only where needed) to a sink. What comes out depends on nothing but
/// what is put in: not on the locale, the umask or the time.
class TarWriter
{
public:
    explicit TarWriter(ByteSink &sink);
    ~TarWriter();
    TarWriter(const TarWriter &) = delete;
    TarWriter &operator=(const TarWriter &) = delete;

    /// An empty entry to be filled in and given to add(); the same object each time.
    [[nodiscard]] archive_entry *newEntry();
    /// Writes the entry's header. As many bytes as its size says must follow by content().
    [[nodiscard]] Result<> add();
    [[nodiscard]] Result<> content(QByteArrayView bytes);
    /// An ordinary file (0644, root's, of 1970), whose content follows.
    [[nodiscard]] Result<> addFile(const std::string &name, qint64 size);
    [[nodiscard]] Result<> addFile(const std::string &name, QByteArrayView bytes);
    /// Writes the end of the archive.
    [[nodiscard]] Result<> close();

private:
    [[nodiscard]] Result<> open();

    Utf8Locale m_locale;
    ArchiveTarget m_target;
    ArchiveWriteHandle m_archive;
    archive_entry *m_entry;
    bool m_open = false;
};

} // namespace cooperage::embedded
