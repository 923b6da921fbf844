#include "core/embedded/server/socketfile.h"

#include "core/embedded/server/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static std::unexpected<Error> socketFailure(int errnoValue, const QString &path)
{
    return std::unexpected(systemError(errnoValue, Text::tr("Cannot make the engine's socket"), path));
}

// A folder with anything in it that others may enter is somebody's on purpose (/tmp, /run): it is not
// changed.
static Result<> prepareFolder(const QString &folder)
{
    if (!QDir().mkpath(QFileInfo(folder).path()))
        return socketFailure(errno, folder);
    const QByteArray name = QFile::encodeName(folder);
    if (::mkdir(name.constData(), 0700) == 0)
        return {};
    struct stat info{};
    if (errno != EEXIST || ::lstat(name.constData(), &info) != 0)
        return socketFailure(errno, folder);
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
        return failure(ErrorKind::Denied, Text::tr("The engine's socket needs a folder that is yours"),
                       folder);
    if ((info.st_mode & 077) == 0)
        return {};
    if (!QDir(folder).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot))
        return failure(ErrorKind::Denied, Text::tr("Other users may enter the folder of the engine's socket"),
                       folder, Text::tr("Choose a folder of its own, or make it private: chmod 700 FOLDER."));
    if (::chmod(name.constData(), 0700) != 0)
        return socketFailure(errno, folder);
    return {};
}

Result<SocketFile> SocketFile::claim(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (!path.startsWith(u'/') || name.size() >= static_cast<qsizetype>(sizeof(sockaddr_un::sun_path)))
        return failure(ErrorKind::BadInput,
                       Text::tr("A socket's path is absolute and shorter than 108 bytes"), path);
    if (const Result<> ready = prepareFolder(QFileInfo(path).path()); !ready)
        return std::unexpected(ready.error());
    Fd lock(::open((name + ".lock").constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock)
        return socketFailure(errno, path);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return failure(ErrorKind::Failed, Text::tr("Another engine serves this socket already"), path);
        return socketFailure(errno, path);
    }
    struct stat info{};
    if (::lstat(name.constData(), &info) == 0) {
        if (!S_ISSOCK(info.st_mode))
            return failure(ErrorKind::Failed, Text::tr("Something that is no socket is in the way"), path);
        if (::unlink(name.constData()) != 0)
            return socketFailure(errno, path);
    }
    return SocketFile(path, std::move(lock));
}

Result<> SocketFile::protect() const
{
    if (::chmod(QFile::encodeName(m_path).constData(), 0600) != 0)
        return socketFailure(errno, m_path);
    return {};
}

// The lock file stays: removing it would let two engines lock two files of one name.
SocketFile::~SocketFile()
{
    if (m_lock)
        ::unlink(QFile::encodeName(m_path).constData());
}

} // namespace cooperage::embedded
