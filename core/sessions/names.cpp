#include "core/base/sha256.h"
#include "core/sessions/sessionstore.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

constexpr qsizetype shortHash = 16;

QString buildSessionName(const QString &contextFolder)
{
    const QFileInfo folder(contextFolder);
    QString path = folder.canonicalFilePath();
    if (path.isEmpty())
        path = QDir::cleanPath(folder.absoluteFilePath());
    return u"build:"_s + QString::fromLatin1(Sha256::hex(QFile::encodeName(path)).first(shortHash));
}

QString layerBranchName(const QByteArray &layerKey)
{
    return u"layer:"_s + QString::fromLatin1(layerKey.left(shortHash));
}

QString SessionStore::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           u"/cooperage/sessions.db"_s;
}

} // namespace cooperage::sessions
