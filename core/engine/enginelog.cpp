#include "core/engine/enginelog.h"

#include <QFile>
#include <QFileInfo>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

static constexpr qint64 longestLog = 5'000'000;
static constexpr qint64 longestTail = 4096;
static constexpr qsizetype tailLines = 8;

void rotateLog(const QString &path)
{
    if (QFileInfo(path).size() <= longestLog)
        return;
    const QString older = path + u".1"_s;
    QFile::remove(older);
    QFile::rename(path, older);
}

QString logTail(const QString &path, qint64 offset)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly) || !file.seek(std::max(offset, file.size() - longestTail)))
        return {};
    const QStringList lines = QString::fromUtf8(file.readAll()).trimmed().split(u'\n');
    return lines.sliced(std::max<qsizetype>(0, lines.size() - tailLines)).join(u'\n');
}

} // namespace cooperage::engine
