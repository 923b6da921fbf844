#include "core/embedded/archive/samecontent.h"

#include <QCoreApplication>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <vector>

namespace cooperage::embedded {

namespace {

struct ContentText
{
    Q_DECLARE_TR_FUNCTIONS(SameContent)
};

constexpr size_t pieceSize = 256 * 1024;

} // namespace

static std::string linkTarget(const Fd &folder, const std::string &name)
{
    char target[PATH_MAX];
    const ssize_t length = ::readlinkat(folder.get(), name.c_str(), target, sizeof target);
    return {target, static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

// Where the next bytes after `from` are that are no hole; `size` if there are none.
static off_t nextData(const Fd &file, off_t from, off_t size)
{
    const off_t found = ::lseek(file.get(), from, SEEK_DATA);
    if (found >= 0)
        return std::min(found, size);
    return errno == ENXIO ? size : from; // Without holes in this file system everything is data.
}

static ssize_t readPiece(const Fd &file, std::vector<char> &piece, off_t at)
{
    ssize_t got = 0;
    do {
        got = ::pread(file.get(), piece.data(), piece.size(), at);
    } while (got < 0 && errno == EINTR);
    return got;
}

static Result<bool> sameBytes(const Fd &one, const Fd &other, off_t size, const std::string &name)
{
    std::vector<char> piece(pieceSize);
    std::vector<char> otherPiece(pieceSize);
    for (off_t at = 0; at < size;) {
        at = std::min(nextData(one, at, size), nextData(other, at, size));
        if (at >= size)
            break;
        const ssize_t got = readPiece(one, piece, at);
        const ssize_t otherGot = readPiece(other, otherPiece, at);
        if (got <= 0 || otherGot <= 0)
            return std::unexpected(systemError(got < 0 || otherGot < 0 ? errno : EIO,
                                               ContentText::tr("Cannot read the file"),
                                               QString::fromStdString(name)));
        const ssize_t common = std::min(got, otherGot);
        if (std::memcmp(piece.data(), otherPiece.data(), static_cast<size_t>(common)) != 0)
            return false;
        at += common;
    }
    return true;
}

Result<bool> sameContent(const FileAt &one, const FileAt &other, const std::string &name)
{
    if ((one.info.st_mode & S_IFMT) != (other.info.st_mode & S_IFMT))
        return false;
    if (S_ISLNK(one.info.st_mode))
        return linkTarget(one.folder, name) == linkTarget(other.folder, name);
    if (S_ISCHR(one.info.st_mode) || S_ISBLK(one.info.st_mode))
        return one.info.st_rdev == other.info.st_rdev;
    if (!S_ISREG(one.info.st_mode))
        return true;
    if (one.info.st_size != other.info.st_size)
        return false;
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const Fd file(::openat(one.folder.get(), name.c_str(), flags));
    const Fd otherFile(::openat(other.folder.get(), name.c_str(), flags));
    if (!file || !otherFile)
        return std::unexpected(
            systemError(errno, ContentText::tr("Cannot read the file"), QString::fromStdString(name)));
    return sameBytes(file, otherFile, one.info.st_size, name);
}

} // namespace cooperage::embedded
