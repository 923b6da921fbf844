#include "core/embedded/server/inspectlist.h"

#include "core/embedded/server/idnames.h"
#include "core/embedded/server/text.h"

#include <QDateTime>
#include <QJsonObject>
#include <QTimeZone>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <dirent.h>
#include <fcntl.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

Result<std::vector<FolderEntry>> readFolder(const Fd &folder)
{
    Fd fd = reopen(folder, O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(fd ? ::fdopendir(fd.get()) : nullptr, ::closedir);
    if (!stream)
        return std::unexpected(systemError(errno, Text::tr("Cannot list the folder")));
    const int descriptor = fd.release(); // Now the stream's.
    std::vector<FolderEntry> entries;
    for (errno = 0; const dirent *found = ::readdir(stream.get()); errno = 0) {
        FolderEntry entry{.name = found->d_name};
        if (entry.name == "." || entry.name == "..")
            continue;
        if (::fstatat(descriptor, entry.name.c_str(), &entry.info, AT_SYMLINK_NOFOLLOW) != 0)
            continue; // A whiteout that no layer below explains cannot be looked at.
        if (S_ISLNK(entry.info.st_mode)) {
            char target[PATH_MAX];
            const ssize_t length = ::readlinkat(descriptor, entry.name.c_str(), target, sizeof target);
            entry.target.assign(target, static_cast<size_t>(std::max<ssize_t>(length, 0)));
        }
        entries.push_back(std::move(entry));
    }
    if (errno != 0)
        return std::unexpected(systemError(errno, Text::tr("Cannot list the folder")));
    std::ranges::sort(entries, {}, &FolderEntry::name);
    return entries;
}

QJsonArray listJson(const OpenedPath &folder, const std::vector<FolderEntry> &entries)
{
    const IdNames names(folder.root);
    QJsonArray result;
    for (const FolderEntry &entry : entries) {
        const struct stat &info = entry.info;
        result.append(QJsonObject{{u"path"_s, QString::fromStdString(entry.name)},
                                  {u"size"_s, static_cast<qint64>(info.st_size)},
                                  {u"owner"_s, names.user(info.st_uid)},
                                  {u"group"_s, names.group(info.st_gid)},
                                  {u"uid"_s, static_cast<qint64>(info.st_uid)},
                                  {u"gid"_s, static_cast<qint64>(info.st_gid)},
                                  {u"mode"_s, static_cast<qint64>(info.st_mode)},
                                  {u"mtime"_s, static_cast<qint64>(info.st_mtim.tv_sec)},
                                  {u"nlink"_s, static_cast<qint64>(info.st_nlink)},
                                  {u"is_dir"_s, S_ISDIR(info.st_mode)},
                                  {u"is_regular"_s, S_ISREG(info.st_mode)},
                                  {u"is_symlink"_s, S_ISLNK(info.st_mode)},
                                  {u"is_socket"_s, S_ISSOCK(info.st_mode)},
                                  {u"is_fifo"_s, S_ISFIFO(info.st_mode)},
                                  {u"symlink_to"_s, QString::fromStdString(entry.target)}});
    }
    return result;
}

static char typeLetter(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return 'd';
    case S_IFLNK:
        return 'l';
    case S_IFIFO:
        return 'p';
    case S_IFSOCK:
        return 's';
    case S_IFCHR:
        return 'c';
    case S_IFBLK:
        return 'b';
    default:
        return '-';
    }
}

static QByteArray modeText(mode_t mode)
{
    QByteArray text(1, typeLetter(mode));
    for (const int shift : {6, 3, 0}) {
        const mode_t bits = mode >> shift;
        const bool special = (mode & (shift == 6 ? S_ISUID : shift == 3 ? S_ISGID : S_ISVTX)) != 0;
        text += (bits & 4) != 0 ? 'r' : '-';
        text += (bits & 2) != 0 ? 'w' : '-';
        const char letter = shift == 0 ? 't' : 's';
        if (special)
            text += (bits & 1) != 0 ? letter : static_cast<char>(letter - 32);
        else
            text += (bits & 1) != 0 ? 'x' : '-';
    }
    return text;
}

QByteArray listText(const OpenedPath &folder, const std::string &path,
                    const std::vector<FolderEntry> &entries)
{
    const IdNames names(folder.root);
    const QByteArray prefix = QByteArray::fromStdString(path.ends_with('/') ? path : path + '/');
    QByteArray text;
    for (const FolderEntry &entry : entries) {
        const struct stat &info = entry.info;
        const QDateTime time = QDateTime::fromSecsSinceEpoch(info.st_mtim.tv_sec, QTimeZone::UTC);
        text += modeText(info.st_mode) + "  " + names.user(info.st_uid).toVariant().toString().toUtf8() +
                "  " + names.group(info.st_gid).toVariant().toString().toUtf8() + "  " +
                QByteArray::number(info.st_size) + "  " + time.toString(u"yyyy-MM-dd HH:mm"_s).toLatin1() +
                "  " + prefix + QByteArray::fromStdString(entry.name);
        if (S_ISLNK(info.st_mode))
            text += " -> " + QByteArray::fromStdString(entry.target);
        text += '\n';
    }
    return text;
}

} // namespace cooperage::embedded
