#include "core/engine/treeunpack.h"

#include "core/engine/archivenames.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
}

namespace {

/// A file descriptor that closes itself.
class Handle
{
public:
    explicit Handle(int fd = -1) : m_fd(fd) {}
    ~Handle()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Handle(Handle &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Handle &operator=(Handle &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    [[nodiscard]] int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd;
};

constexpr int openFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Where a member goes: an open folder and a name in it.
struct Place
{
    Handle folder;
    QByteArray name;
};

class TreeUnpacker
{
public:
    TreeUnpacker(QString source, const QString &target, std::stop_token stop)
        : m_source(std::move(source)),
          m_parentPath(QFileInfo(target).absolutePath()),
          m_name(QFileInfo(target).fileName()),
          m_stop(std::move(stop))
    {
    }

    Result<UnpackedTree> run(archive *reader);

private:
    Result<> add(archive *reader, archive_entry *entry);
    Result<Place> placeOf(const QString &relative);
    Result<> addFile(archive *reader, archive_entry *entry, const Place &place, const QString &path);
    Result<> addFolder(archive_entry *entry, const Place &place, const QString &path);
    Result<> addHardLink(archive_entry *entry, const Place &place, const QString &path);

    QString m_source;
    QString m_parentPath;
    QString m_name;
    std::stop_token m_stop;
    ArchiveNames m_names{m_source};
    Handle m_parent{};
    UnpackedTree m_result{};
};

} // namespace

Result<UnpackedTree> TreeUnpacker::run(archive *reader)
{
    m_parent =
        Handle(::open(QFile::encodeName(m_parentPath).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!m_parent)
        return std::unexpected(systemError(errno, tr("Cannot open the folder"), m_parentPath));
    archive_entry *entry = nullptr;
    int status = ARCHIVE_OK;
    while ((status = archive_read_next_header(reader, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
        if (const Result<> added = add(reader, entry); !added)
            return std::unexpected(added.error());
    }
    if (status != ARCHIVE_EOF)
        return std::unexpected(archiveReadError(reader, m_source));
    return m_result;
}

// Folders that the archive did not name are made on the way.
Result<Place> TreeUnpacker::placeOf(const QString &relative)
{
    QStringList parts{m_name};
    parts += relative.split(u'/', Qt::SkipEmptyParts);
    Place place{Handle(::fcntl(m_parent.get(), F_DUPFD_CLOEXEC, 0)), {}};
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QByteArray name = QFile::encodeName(parts[i]);
        if (name == "." || name == ".." || name.contains('\0'))
            return failure(ErrorKind::Failed, tr("The engine's archive holds a name that is none"), relative);
        if (i == parts.size() - 1) {
            place.name = name;
            break;
        }
        if (::mkdirat(place.folder.get(), name.constData(), 0777) == 0)
            ++m_result.folders;
        Handle next(::openat(place.folder.get(), name.constData(), openFolder));
        if (!next)
            return std::unexpected(systemError(errno, tr("Cannot open the folder"), relative));
        place.folder = std::move(next);
    }
    return place;
}

Result<> TreeUnpacker::addFile(archive *reader, archive_entry *entry, const Place &place, const QString &path)
{
    const Handle file(::openat(place.folder.get(), place.name.constData(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file)
        return std::unexpected(systemError(errno, tr("Cannot write the file"), path));
    QFile target;
    if (!target.open(file.get(), QFile::WriteOnly | QFile::Unbuffered))
        return failure(ErrorKind::Failed, target.errorString(), path);
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader, buffer.data(), static_cast<size_t>(buffer.size()))) > 0) {
        if (m_stop.stop_requested())
            return failure(ErrorKind::Cancelled, tr("Saving was stopped"), path);
        if (target.write(buffer.constData(), got) != got)
            return failure(ErrorKind::Full, target.errorString(), path);
    }
    if (got < 0)
        return std::unexpected(archiveReadError(reader, path));
    const timespec times[2] = {{0, UTIME_OMIT},
                               {archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)}};
    if (::fchmod(file.get(), archive_entry_perm(entry) & 0777) != 0)
        return std::unexpected(systemError(errno, tr("Cannot set the permissions"), path));
    (void)::futimens(file.get(), times); // Some file systems keep no such time; the file is good without it.
    ++m_result.files;
    return {};
}

// Its owner must be able to fill and to delete it.
Result<> TreeUnpacker::addFolder(archive_entry *entry, const Place &place, const QString &path)
{
    if (::mkdirat(place.folder.get(), place.name.constData(), 0700) == 0)
        ++m_result.folders;
    const Handle folder(::openat(place.folder.get(), place.name.constData(), openFolder));
    if (!folder || ::fchmod(folder.get(), (archive_entry_perm(entry) & 0777) | 0700) != 0)
        return std::unexpected(systemError(errno, tr("Cannot make the folder"), path));
    return {};
}

Result<> TreeUnpacker::addHardLink(archive_entry *entry, const Place &place, const QString &path)
{
    const QString to = archiveText(archive_entry_hardlink_utf8(entry), archive_entry_hardlink(entry));
    const auto target =
        m_names.relative(to).and_then([this](const QString &relative) { return placeOf(relative); });
    if (!target)
        return std::unexpected(target.error());
    if (::linkat(target->folder.get(), target->name.constData(), place.folder.get(), place.name.constData(),
                 0) != 0)
        return std::unexpected(systemError(errno, tr("Cannot make the link"), path));
    ++m_result.files;
    return {};
}

Result<> TreeUnpacker::add(archive *reader, archive_entry *entry)
{
    if (m_stop.stop_requested())
        return failure(ErrorKind::Cancelled, tr("Saving was stopped"), m_source);
    const QString path = archiveText(archive_entry_pathname_utf8(entry), archive_entry_pathname(entry));
    const auto place =
        m_names.relative(path).and_then([this](const QString &relative) { return placeOf(relative); });
    if (!place)
        return std::unexpected(place.error());
    if (archive_entry_hardlink(entry))
        return addHardLink(entry, *place, path);
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        return addFile(reader, entry, *place, path);
    case AE_IFDIR:
        return addFolder(entry, *place, path);
    case AE_IFLNK: {
        const QString to = archiveText(archive_entry_symlink_utf8(entry), archive_entry_symlink(entry));
        if (::symlinkat(QFile::encodeName(to).constData(), place->folder.get(), place->name.constData()) != 0)
            return std::unexpected(systemError(errno, tr("Cannot make the link"), path));
        ++m_result.links;
        return {};
    }
    default:
        m_result.skipped.append(path);
        return {};
    }
}

Result<UnpackedTree> unpackTree(const QString &tarPath, const QString &source, const QString &target,
                                const std::stop_token &stop)
{
    const auto reader = openTar(tarPath, source);
    if (!reader)
        return std::unexpected(reader.error());
    return TreeUnpacker(source, target, stop).run(reader->get());
}

} // namespace cooperage::engine
