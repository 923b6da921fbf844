#include "core/engine/contree/unpack.h"

#include "core/base/sha256.h"
#include "core/engine/archivenames.h"

#include <QCoreApplication>
#include <QFile>
#include <QHash>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Engine)
};

} // namespace

static Result<> saveContent(archive *reader, UnpackedItem &item)
{
    QFile file(item.localPath);
    if (!file.open(QFile::WriteOnly))
        return failure(ErrorKind::Failed, file.errorString(), item.localPath);
    Sha256 hash;
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader, buffer.data(), static_cast<size_t>(buffer.size()))) > 0) {
        hash.update(QByteArrayView(buffer.constData(), got));
        if (file.write(buffer.constData(), got) != got)
            return failure(ErrorKind::Full, file.errorString(), item.localPath);
        item.size += got;
    }
    if (got < 0)
        return std::unexpected(archiveReadError(reader, item.path));
    item.sha256 = hash.hexDigest();
    if (!file.flush())
        return failure(ErrorKind::Full, file.errorString(), item.localPath);
    return {};
}

static UnpackedItem attributesOf(archive_entry *entry, const QString &path)
{
    UnpackedItem item;
    item.path = path;
    item.mode = archive_entry_perm(entry);
    item.uid = static_cast<quint32>(archive_entry_uid(entry));
    item.gid = static_cast<quint32>(archive_entry_gid(entry));
    // Times that do not fit into nanoseconds (beyond the year 2261) are no times of files.
    constexpr qint64 latest = std::numeric_limits<qint64>::max() / 1'000'000'000 - 1;
    const qint64 seconds = std::clamp<qint64>(archive_entry_mtime(entry), -latest, latest);
    item.mtimeNs = seconds * 1'000'000'000 + archive_entry_mtime_nsec(entry);
    return item;
}

static Result<UnpackedItem> unpackOne(archive *reader, archive_entry *entry, UnpackedItem item,
                                      const QHash<QString, UnpackedItem> &byName)
{
    const char *hardLink = archive_entry_hardlink(entry);
    if (hardLink) {
        const QString target =
            ArchiveNames::normalised(archiveText(archive_entry_hardlink_utf8(entry), hardLink));
        const auto found = byName.constFind(target);
        if (found == byName.cend())
            return failure(ErrorKind::Failed, Texts::tr("A hard link in the engine's archive leads nowhere"),
                           item.path);
        UnpackedItem link = *found;
        link.path = item.path;
        return link;
    }
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        if (auto saved = saveContent(reader, item); !saved)
            return std::unexpected(saved.error());
        return item;
    case AE_IFDIR:
        item.type = StagedEntry::Type::Folder;
        return item;
    case AE_IFLNK:
        item.type = StagedEntry::Type::Symlink;
        item.linkTarget = archiveText(archive_entry_symlink_utf8(entry), archive_entry_symlink(entry));
        return item;
    default:
        return failure(ErrorKind::Unsupported,
                       Texts::tr("A device, pipe or socket cannot be copied by this engine"), item.path);
    }
}

Result<QList<UnpackedItem>> unpackTar(const QString &tarPath, const QString &source, const QString &folder)
{
    const auto opened = openTar(tarPath, source);
    if (!opened)
        return std::unexpected(opened.error());
    archive *reader = opened->get();
    ArchiveNames names(source);
    QList<UnpackedItem> result;
    QHash<QString, UnpackedItem> byName;
    archive_entry *entry = nullptr;
    int status = ARCHIVE_OK;
    while ((status = archive_read_next_header(reader, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
        const QString name = archiveText(archive_entry_pathname_utf8(entry), archive_entry_pathname(entry));
        const auto relative = names.relative(name);
        if (!relative)
            return std::unexpected(relative.error());
        UnpackedItem item = attributesOf(entry, *relative);
        item.localPath = u"%1/%2"_s.arg(folder).arg(result.size());
        const auto unpacked = unpackOne(reader, entry, item, byName);
        if (!unpacked)
            return std::unexpected(unpacked.error());
        byName.insert(ArchiveNames::normalised(name), *unpacked);
        result.append(*unpacked);
    }
    if (status != ARCHIVE_EOF)
        return std::unexpected(archiveReadError(reader, source));
    return result;
}

} // namespace cooperage::engine::contree
