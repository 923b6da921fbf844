#include "core/embedded/archive/archivefeed.h"

#include <QCoreApplication>

#include <archive.h>
#include <cerrno>
#include <clocale>

namespace cooperage::embedded {

void ArchiveCloser::operator()(archive *a) const
{
    archive_read_free(a);
}

int ArchiveFeed::open(archive *a)
{
    archive_read_set_read_callback(a, &ArchiveFeed::read);
    archive_read_set_skip_callback(a, &ArchiveFeed::skip);
    archive_read_set_callback_data(a, this);
    return archive_read_open1(a);
}

ssize_t ArchiveFeed::read(archive *a, void *self, const void **buffer)
{
    auto *feed = static_cast<ArchiveFeed *>(self);
    const auto bytes = feed->m_stream.next();
    if (!bytes) {
        feed->m_error = bytes.error();
        archive_set_error(a, EIO, "%s", "the source failed");
        return -1;
    }
    *buffer = bytes->data();
    return bytes->size();
}

std::int64_t ArchiveFeed::skip(archive *, void *self, std::int64_t count)
{
    return static_cast<ArchiveFeed *>(self)->m_stream.skip(count);
}

Error ArchiveFeed::error(archive *a, const QString &where) const
{
    if (m_error)
        return *m_error;
    const char *words = archive_error_string(a);
    return {ErrorKind::BadInput,
            QCoreApplication::translate("ArchiveFeed", "The archive is damaged or incomplete: %1")
                .arg(QString::fromUtf8(words ? words : "?")),
            where, QCoreApplication::translate("ArchiveFeed", "Fetch or save it again.")};
}

Utf8Locale::Utf8Locale()
{
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    m_previous = utf8 ? ::uselocale(utf8) : nullptr;
}

Utf8Locale::~Utf8Locale()
{
    if (m_previous)
        ::uselocale(static_cast<locale_t>(m_previous));
}

} // namespace cooperage::embedded
