#include "app/exampleproject.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

QString exampleFolder()
{
    QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    if (documents.isEmpty() || !QDir(documents).exists())
        documents = QDir::homePath();
    return documents + u"/Cooperage/build-demo"_s;
}

Result<QString> writeExample(const QString &folder)
{
    const QDir source(u":/examples/build-demo"_s);
    QDirIterator files(source.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = folder + u'/' + source.relativeFilePath(from);
        if (QFile::exists(to))
            continue;
        QFile file(from);
        if (!QDir().mkpath(QFileInfo(to).path()) || !file.copy(to))
            return failure(
                ErrorKind::Failed,
                QCoreApplication::translate("ExampleProject", "cannot write the example: %1")
                    .arg(file.errorString()),
                to, QCoreApplication::translate("ExampleProject", "Make the folder writable and try again."));
        const bool script = to.endsWith(".sh"_L1);
        QFile::setPermissions(
            to, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther |
                    (script ? QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther : QFile::Permissions()));
    }
    return folder + u"/Dockerfile"_s;
}

} // namespace cooperage::gui
