#include "core/sessions/filesources.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <sys/stat.h>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

static Result<engine::StagedEntry> stage(const QString &source, const QString &path)
{
    struct stat status = {};
    if (::stat(QFile::encodeName(source).constData(), &status) != 0)
        return std::unexpected(systemError(
            errno, QCoreApplication::translate("SessionStore", "The file cannot be read"), source));
    if (!S_ISREG(status.st_mode))
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("SessionStore", "Only files and folders can be added"),
                       source);
    engine::StagedEntry entry{.path = QDir::cleanPath(path)};
    entry.mode = status.st_mode & 0777;
    entry.localPath = source;
    entry.size = status.st_size;
    return entry;
}

static Result<QList<engine::StagedEntry>> stageFolder(const QString &folder, const QString &target)
{
    QList<engine::StagedEntry> result;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        const auto entry = stage(file, target + u'/' + QDir(folder).relativeFilePath(file));
        if (!entry)
            return std::unexpected(entry.error());
        result.append(*entry);
    }
    if (result.isEmpty())
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("SessionStore", "The folder holds no files"), folder);
    return result;
}

Result<QList<engine::StagedEntry>> fileSources(const QStringList &sources, const QString &target)
{
    const bool intoFolder = sources.size() > 1 || target.endsWith(u'/');
    QList<engine::StagedEntry> result;
    for (const QString &source : sources) {
        const QFileInfo info(source);
        if (info.isDir()) {
            const auto files = stageFolder(info.absoluteFilePath(), target);
            if (!files)
                return files;
            result.append(*files);
            continue;
        }
        const auto file =
            stage(info.absoluteFilePath(), intoFolder ? target + u'/' + info.fileName() : target);
        if (!file)
            return std::unexpected(file.error());
        result.append(*file);
    }
    return result;
}

} // namespace cooperage::sessions
