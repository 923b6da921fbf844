#include "core/build/unpack.h"

#include "core/base/sha256.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>
#include <QFile>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::StagedEntry;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Unpack", text);
}

// libarchive has no UTF-8 form of names that it cannot convert; their bytes are then taken as they are.
const char *name(const char *utf8, const char *bytes)
{
    return utf8 ? utf8 : bytes;
}

struct ArchiveCloser
{
    void operator()(archive *reader) const { archive_read_free(reader); }
};
using ArchivePtr = std::unique_ptr<archive, ArchiveCloser>;

class Unpacker
{
public:
    Unpacker(QString file, QString destination, std::optional<Owner> owner)
        : m_file(std::move(file)), m_destination(std::move(destination)), m_owner(owner)
    {
    }

    Result<std::optional<Unpacked>> unpack();

private:
    Result<> add(archive_entry *header);
    Result<> addContents(archive_entry *header, StagedEntry entry);
    Result<> addFile(archive_entry *header, StagedEntry entry);
    bool leadsOut(const StagedEntry &link) const;
    Result<QString> pathOf(const char *name) const;
    [[nodiscard]] std::unexpected<Error> broken(const QString &what) const
    {
        return failure(ErrorKind::BadInput, what, m_file);
    }

    QString m_file;
    QString m_destination;
    std::optional<Owner> m_owner;
    ArchivePtr m_reader;
    Unpacked m_result;
    int m_files = 0;
};

Result<QString> Unpacker::pathOf(const char *name) const
{
    const QString text = QString::fromUtf8(name);
    int depth = 0;
    for (const QString &part : text.split(u'/', Qt::SkipEmptyParts)) {
        depth += part == ".."_L1 ? -1 : part == "."_L1 ? 0 : 1;
        if (depth < 0)
            return broken(tr("the archive holds a name that leaves the destination: %1").arg(text));
    }
    return context::cleanPath(m_destination + u'/' + text);
}

static void addXattrs(archive_entry *header, StagedEntry *entry)
{
    const char *key = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    archive_entry_xattr_reset(header);
    while (archive_entry_xattr_next(header, &key, &value, &size) == ARCHIVE_OK)
        entry->xattrs.insert(QString::fromUtf8(key),
                             QByteArray(static_cast<const char *>(value), static_cast<qsizetype>(size)));
}

Result<> Unpacker::addFile(archive_entry *header, StagedEntry entry)
{
    const qint64 size = archive_entry_size(header);
    QFile target(m_result.files->filePath(QString::number(m_files++)));
    if (!target.open(QIODevice::WriteOnly))
        return failure(ErrorKind::Failed, target.errorString(), target.fileName());
    Sha256 hash;
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    la_ssize_t got = 0;
    while ((got = archive_read_data(m_reader.get(), buffer.data(), static_cast<size_t>(buffer.size()))) > 0) {
        hash.update(QByteArrayView(buffer.constData(), got));
        if (target.write(buffer.constData(), got) != got)
            return failure(ErrorKind::Full, target.errorString(), target.fileName(),
                           tr("Free some space there."));
    }
    if (got < 0)
        return broken(QString::fromUtf8(archive_error_string(m_reader.get())));
    if (!target.flush())
        return failure(ErrorKind::Full, target.errorString(), target.fileName(),
                       tr("Free some space there."));
    entry.localPath = target.fileName();
    entry.sha256 = hash.hexDigest();
    entry.size = size;
    m_result.entries << entry;
    return {};
}

Result<> Unpacker::add(archive_entry *header)
{
    const Result<QString> path =
        pathOf(name(archive_entry_pathname_utf8(header), archive_entry_pathname(header)));
    if (!path)
        return std::unexpected(path.error());
    StagedEntry entry;
    entry.path = *path;
    entry.mode = archive_entry_perm(header) & 07777;
    entry.uid = m_owner ? m_owner->uid : static_cast<quint32>(archive_entry_uid(header));
    entry.gid = m_owner ? m_owner->gid : static_cast<quint32>(archive_entry_gid(header));
    entry.mtimeNs = archive_entry_mtime(header) * 1'000'000'000LL + archive_entry_mtime_nsec(header);
    entry.replace = true;
    addXattrs(header, &entry);
    if (const char *link = name(archive_entry_hardlink_utf8(header), archive_entry_hardlink(header))) {
        const Result<QString> original = pathOf(link);
        if (!original)
            return std::unexpected(original.error());
        entry.type = StagedEntry::Type::HardLink;
        entry.linkTarget = *original;
        m_result.entries << entry;
        return {};
    }
    return addContents(header, entry);
}

static QString specialOf(unsigned type)
{
    return type == AE_IFIFO   ? u"fifo"_s
           : type == AE_IFCHR ? u"char"_s
           : type == AE_IFBLK ? u"block"_s
                              : QString();
}

Result<> Unpacker::addContents(archive_entry *header, StagedEntry entry)
{
    const auto type = archive_entry_filetype(header);
    switch (type) {
    case AE_IFREG:
        return addFile(header, entry);
    case AE_IFDIR:
        if (entry.path == m_destination) // It was made for the archive, and takes nothing from it.
            return {};
        entry.type = StagedEntry::Type::Folder;
        entry.overwriteAttributes = true;
        break;
    case AE_IFLNK:
        entry.type = StagedEntry::Type::Symlink;
        entry.linkTarget =
            QString::fromUtf8(name(archive_entry_symlink_utf8(header), archive_entry_symlink(header)));
        if (leadsOut(entry))
            return broken(tr("the archive holds a link that leaves the destination: %1 -> %2")
                              .arg(entry.path, entry.linkTarget));
        break;
    default:
        entry.type = StagedEntry::Type::Special;
        entry.special = specialOf(type);
        entry.deviceMajor = static_cast<quint32>(archive_entry_rdevmajor(header));
        entry.deviceMinor = static_cast<quint32>(archive_entry_rdevminor(header));
        if (entry.special.isEmpty())
            return broken(tr("the archive holds something that no image can hold: %1").arg(entry.path));
    }
    m_result.entries << entry;
    return {};
}

// By its letters alone. An absolute link counts from the destination.
bool Unpacker::leadsOut(const StagedEntry &link) const
{
    if (m_destination == "/"_L1 || link.linkTarget.startsWith(u'/'))
        return false;
    const QString target = context::cleanPath(link.path + u"/../"_s + link.linkTarget);
    return target != m_destination && !target.startsWith(m_destination + u'/');
}

Result<std::optional<Unpacked>> Unpacker::unpack()
{
    m_reader.reset(archive_read_new());
    archive_read_support_format_tar(m_reader.get());
    archive_read_support_filter_gzip(m_reader.get());
    archive_read_support_filter_bzip2(m_reader.get());
    archive_read_support_filter_xz(m_reader.get());
    archive_read_support_filter_zstd(m_reader.get());
    if (archive_read_open_filename(m_reader.get(), QFile::encodeName(m_file).constData(), 256 * 1024) !=
        ARCHIVE_OK)
        return std::optional<Unpacked>();
    archive_entry *header = nullptr;
    int status = archive_read_next_header(m_reader.get(), &header);
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
        return std::optional<Unpacked>();
    m_result.files = std::make_shared<QTemporaryDir>();
    if (!m_result.files->isValid())
        return failure(ErrorKind::Failed, m_result.files->errorString(), m_result.files->path());
    while (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
        if (const Result<> added = add(header); !added)
            return std::unexpected(added.error());
        status = archive_read_next_header(m_reader.get(), &header);
    }
    if (status != ARCHIVE_EOF)
        return broken(QString::fromUtf8(archive_error_string(m_reader.get())));
    return m_result;
}

} // namespace

Result<std::optional<Unpacked>> unpackArchive(const QString &file, const QString &destination,
                                              std::optional<Owner> owner)
{
    return Unpacker(file, destination, owner).unpack();
}

} // namespace cooperage::build
