#include "core/context/contextroot.h"

#include "core/context/pathnames.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#if __has_include(<sys/sysmacros.h>)
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#endif
#include <unistd.h>

namespace cooperage::context {

#ifdef O_PATH
constexpr int passThrough = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#else
constexpr int passThrough = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#endif
constexpr int maxLinks = 40; // as the kernel

static qint64 nanoseconds(const timespec &time)
{
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

static std::optional<Found> foundOf(const struct stat &status, const QString &path)
{
    Entry entry{
        .path = path, .mode = quint32(status.st_mode & 07777), .mtimeNs = nanoseconds(status.st_mtim)};
    if (S_ISREG(status.st_mode)) {
        entry.type = EntryType::File;
        entry.size = status.st_size;
    } else if (S_ISDIR(status.st_mode)) {
        entry.type = EntryType::Folder;
    } else if (S_ISLNK(status.st_mode)) {
        entry.type = EntryType::Symlink;
    } else if (S_ISFIFO(status.st_mode)) {
        entry.type = EntryType::Fifo;
    } else if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) {
        entry.type = S_ISCHR(status.st_mode) ? EntryType::CharDevice : EntryType::BlockDevice;
        entry.deviceMajor = quint32(major(status.st_rdev));
        entry.deviceMinor = quint32(minor(status.st_rdev));
    } else {
        return std::nullopt;
    }
    const FileKey key{quint64(status.st_dev), quint64(status.st_ino), qint64(status.st_size), entry.mtimeNs,
                      nanoseconds(status.st_ctim)};
    const bool hasTwins = S_ISREG(status.st_mode) && status.st_nlink > 1;
    return Found{std::move(entry), key, {}, hasTwins};
}

static std::optional<QByteArray> readLink(int folder, const char *name)
{
    QByteArray target(4096, Qt::Uninitialized);
    const ssize_t length = ::readlinkat(folder, name, target.data(), size_t(target.size()));
    if (length < 0)
        return std::nullopt;
    target.truncate(length);
    return target;
}

FileDescriptor::~FileDescriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Error ContextRoot::errorOf(int errnoValue, const QString &path) const
{
    Error error = systemError(
        errnoValue,
        QCoreApplication::translate("FolderContext", "Cannot read this part of the build context"),
        hostPath(path));
    if (errnoValue == ENOTDIR || errnoValue == ELOOP)
        error.kind = ErrorKind::NotFound;
    if (error.kind == ErrorKind::Denied)
        error.next = QCoreApplication::translate("FolderContext",
                                                 "Change its permissions, or exclude it in .dockerignore.");
    return error;
}

Result<ContextRoot> ContextRoot::open(const QString &folder)
{
    ContextRoot root;
    root.m_path = QFileInfo(folder).canonicalFilePath();
    if (root.m_path.isEmpty())
        return failure(ErrorKind::NotFound,
                       QCoreApplication::translate("FolderContext", "The context folder does not exist"),
                       QDir::cleanPath(QFileInfo(folder).absoluteFilePath()),
                       QCoreApplication::translate("FolderContext", "Choose an existing folder."));
    root.m_folder = FileDescriptor(::open(QFile::encodeName(root.m_path).constData(), passThrough));
    if (root.m_folder.isOpen())
        return root;
    if (errno == ENOTDIR)
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("FolderContext", "The build context is not a folder"),
                       root.m_path, QCoreApplication::translate("FolderContext", "Choose a folder."));
    return std::unexpected(root.errorOf(errno, {}));
}

QString ContextRoot::hostPath(const QString &place) const
{
    if (place.isEmpty())
        return m_path;
    return m_path.endsWith(u'/') ? m_path + place : m_path + u'/' + place;
}

Result<FileDescriptor> ContextRoot::openPlace(const QString &place, int flags) const
{
    const QStringList names = place.split(u'/', Qt::SkipEmptyParts);
    FileDescriptor current;
    int folder = m_folder.get();
    for (qsizetype i = 0; i + 1 < names.size(); ++i) {
        current = FileDescriptor(::openat(folder, names[i].toUtf8().constData(), passThrough));
        if (!current.isOpen())
            return std::unexpected(errorOf(errno, place));
        folder = current.get();
    }
    const QByteArray last = names.isEmpty() ? QByteArrayLiteral(".") : names.last().toUtf8();
    FileDescriptor opened(::openat(folder, last.constData(), flags | O_NOFOLLOW | O_CLOEXEC));
    if (!opened.isOpen())
        return std::unexpected(errorOf(errno, place));
    return opened;
}

Result<QString> ContextRoot::placeOf(const QString &path) const
{
    QStringList ahead = path.split(u'/', Qt::SkipEmptyParts);
    QStringList done;
    int links = 0;
    while (!ahead.isEmpty()) {
        const QString name = ahead.takeFirst();
        if (name == u"..") {
            if (!done.isEmpty())
                done.removeLast();
            continue;
        }
        if (name == u".")
            continue;
        const auto folder = openPlace(done.join(u'/'), passThrough);
        if (!folder)
            return std::unexpected(folder.error());
        done.append(name);
        struct stat status{};
        if (::fstatat(folder->get(), name.toUtf8().constData(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            return std::unexpected(errorOf(errno, done.join(u'/')));
        if (!S_ISLNK(status.st_mode))
            continue;
        const std::optional<QByteArray> target = readLink(folder->get(), name.toUtf8().constData());
        if (!target || ++links > maxLinks)
            return std::unexpected(errorOf(target ? ELOOP : errno, done.join(u'/')));
        done.removeLast();
        if (target->startsWith('/'))
            done.clear();
        ahead = QString::fromUtf8(*target).split(u'/', Qt::SkipEmptyParts) + ahead;
    }
    return done.join(u'/');
}

Result<std::optional<Found>> ContextRoot::lookAt(int folder, const QByteArray &name,
                                                 const QString &path) const
{
    struct stat status{};
    if (::fstatat(folder, name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return std::unexpected(errorOf(errno, path));
    std::optional<Found> found = foundOf(status, path);
    if (found && found->entry.type == EntryType::Symlink) {
        const std::optional<QByteArray> target = readLink(folder, name.constData());
        if (!target)
            return std::unexpected(errorOf(errno, path));
        found->entry.linkTarget = QString::fromUtf8(*target);
        if (found->entry.linkTarget.toUtf8() != *target)
            return failure(
                ErrorKind::BadInput,
                QCoreApplication::translate("FolderContext", "The link's target is not valid UTF-8"),
                hostPath(path),
                QCoreApplication::translate("FolderContext",
                                            "Change the link, or exclude it in .dockerignore."));
    }
    return found;
}

Result<std::optional<Found>> ContextRoot::lookAtOpen(int file, const QString &path) const
{
    struct stat status{};
    if (::fstat(file, &status) != 0)
        return std::unexpected(errorOf(errno, path));
    return foundOf(status, path);
}

Result<std::optional<Found>> ContextRoot::look(const QString &place) const
{
    const qsizetype slash = place.lastIndexOf(u'/');
    const auto folder = openPlace(slash < 0 ? QString() : place.first(slash), passThrough);
    if (!folder)
        return std::unexpected(folder.error());
    return lookAt(folder->get(), place.isEmpty() ? QByteArrayLiteral(".") : lastComponent(place).toUtf8(),
                  place);
}

#ifdef O_PATH

static bool isForImages(const QByteArray &name)
{
    return name == "security.capability" || name.startsWith("user.") || name.startsWith("system.posix_acl_");
}

QMap<QString, QByteArray> ContextRoot::xattrs(const QString &place) const
{
    QMap<QString, QByteArray> result;
    const auto opened = openPlace(place, O_PATH);
    if (!opened)
        return result;
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(opened->get());
    const ssize_t length = ::listxattr(path.constData(), nullptr, 0);
    if (length <= 0)
        return result;
    QByteArray names(length, Qt::Uninitialized);
    names.truncate(std::max<ssize_t>(::listxattr(path.constData(), names.data(), size_t(length)), 0));
    for (const QByteArray &name : names.split('\0')) {
        QByteArray value(64 * 1024, Qt::Uninitialized); // XATTR_SIZE_MAX
        const ssize_t size = isForImages(name) ? ::getxattr(path.constData(), name.constData(), value.data(),
                                                            size_t(value.size()))
                                               : -1;
        if (size >= 0)
            result.insert(QString::fromUtf8(name), value.first(size));
    }
    return result;
}

#else

QMap<QString, QByteArray> ContextRoot::xattrs(const QString &) const
{
    return {};
}

#endif

Result<QByteArrayList> ContextRoot::namesIn(int folder, const QString &path) const
{
    // fdopendir takes its descriptor over, and the caller goes on using this one.
    DIR *directory = ::fdopendir(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
    if (!directory)
        return std::unexpected(errorOf(errno, path));
    QByteArrayList names;
    errno = 0;
    while (const dirent *entry = ::readdir(directory)) {
        const QByteArrayView name(entry->d_name);
        if (name != "." && name != "..")
            names.append(name.toByteArray());
        errno = 0;
    }
    const int readError = errno;
    ::closedir(directory);
    if (readError != 0)
        return std::unexpected(errorOf(readError, path));
    std::ranges::sort(names);
    return names;
}

Result<QByteArrayList> ContextRoot::names(const QString &folder) const
{
    const auto opened = openPlace(folder, O_RDONLY | O_DIRECTORY);
    if (!opened)
        return std::unexpected(opened.error());
    return namesIn(opened->get(), folder);
}

} // namespace cooperage::context
