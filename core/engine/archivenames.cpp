#include "core/engine/archivenames.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
}

Result<ArchiveReader> openTar(const QString &tarPath, const QString &source)
{
    ArchiveReader reader(archive_read_new());
    // Not filter_all: that also starts programs (lrzip, uudecode...) where the bytes ask for it.
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), QFile::encodeName(tarPath).constData(), 256 * 1024) !=
        ARCHIVE_OK)
        return std::unexpected(archiveReadError(reader.get(), source));
    return reader;
}

Error archiveReadError(archive *reader, const QString &source)
{
    const char *why = archive_error_string(reader);
    return {ErrorKind::Failed,
            tr("The engine's archive cannot be read: %1").arg(QString::fromUtf8(why ? why : "?")), source};
}

QString archiveText(const char *utf8, const char *raw)
{
    return utf8 ? QString::fromUtf8(utf8) : QString::fromUtf8(raw);
}

QString ArchiveNames::normalised(const QString &name)
{
    return QDir::cleanPath(u"/"_s + name).sliced(1);
}

// The engine may have followed links to the source: then the first member tells what it is called there.
Result<QString> ArchiveNames::relative(const QString &memberName)
{
    const QString name = normalised(memberName);
    if (!m_fixed && !isBelow(name))
        m_root = name;
    m_fixed = true;
    if (!isBelow(name))
        return failure(ErrorKind::Failed, tr("The engine's archive holds things that were not asked for"),
                       memberName);
    return m_root.isEmpty() ? name : name.sliced(std::min(name.size(), m_root.size() + 1));
}

bool ArchiveNames::isBelow(const QString &name) const
{
    return m_root.isEmpty() || name == m_root || name.startsWith(m_root + u'/');
}

} // namespace cooperage::engine
