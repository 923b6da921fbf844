#include "core/engine/localpaths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(LocalEngine)
};

} // namespace

static QString runtimeFolder()
{
    const QString folder = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(folder) && QFileInfo(folder).isDir())
        return QDir::cleanPath(folder) + u"/cooperage"_s;
    return u"/tmp/cooperage-%1"_s.arg(::getuid());
}

static QString stateFolder()
{
    const QString folder = qEnvironmentVariable("XDG_STATE_HOME");
    return QDir::isAbsolutePath(folder) ? QDir::cleanPath(folder) : QDir::homePath() + u"/.local/state"_s;
}

Result<LocalPaths> LocalPaths::standard()
{
    LocalPaths paths;
    paths.folder = runtimeFolder();
    paths.socket = paths.folder + u"/engine.sock"_s;
    paths.pidFile = paths.folder + u"/engine.pid"_s;
    paths.lockFile = paths.folder + u"/start.lock"_s;
    paths.store =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/cooperage/store"_s;
    paths.log = stateFolder() + u"/cooperage/engine.log"_s;
    constexpr qsizetype longest = sizeof(sockaddr_un::sun_path) - 1;
    if (QFile::encodeName(paths.socket).size() > longest)
        return failure(ErrorKind::Unsupported,
                       Texts::tr("The path of the engine's socket is longer than %1 bytes").arg(longest),
                       paths.socket, Texts::tr("Set XDG_RUNTIME_DIR to a folder with a shorter path."));
    return paths;
}

// In a folder that others can write, somebody else may have made ours.
static Result<> checkPrivate(const QString &folder)
{
    struct stat status = {};
    if (::lstat(QFile::encodeName(folder).constData(), &status) != 0)
        return std::unexpected(systemError(errno, Texts::tr("Cannot look at the engine's folder"), folder));
    if (S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() && (status.st_mode & 077) == 0)
        return {};
    return failure(ErrorKind::Denied,
                   Texts::tr("The engine's folder is not a folder that only you can enter"), folder,
                   Texts::tr("Remove it, or set XDG_RUNTIME_DIR to a folder of your own."));
}

Result<> LocalPaths::makeFolders() const
{
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST)
        return std::unexpected(systemError(errno, Texts::tr("Cannot make the engine's folder"), folder));
    if (auto own = checkPrivate(folder); !own)
        return own;
    for (const QString &path : {store, QFileInfo(log).path()}) {
        if (!QDir().mkpath(path))
            return failure(ErrorKind::Failed, Texts::tr("Cannot make the folder"), path,
                           Texts::tr("Check who owns the folder above it, and the free space."));
    }
    return {};
}

Result<QString> engineProgram()
{
    const QString name = u"cooperage-engine"_s;
    const QString told = qEnvironmentVariable("COOPERAGE_ENGINE");
    if (!told.isEmpty()) {
        if (QFileInfo(told).isExecutable())
            return QFileInfo(told).absoluteFilePath();
        return failure(ErrorKind::NotFound, Texts::tr("This is no program"), told,
                       Texts::tr("Correct COOPERAGE_ENGINE."));
    }
    const QString here = QCoreApplication::applicationDirPath();
    QString found = QStandardPaths::findExecutable(name, {here, here + u"/../libexec/cooperage"_s});
    if (found.isEmpty())
        found = QStandardPaths::findExecutable(name);
    if (found.isEmpty())
        return failure(ErrorKind::NotFound, Texts::tr("The program %1 is not installed").arg(name), {},
                       Texts::tr("Install it beside this program, or set COOPERAGE_ENGINE to its path."));
    return found;
}

} // namespace cooperage::engine
