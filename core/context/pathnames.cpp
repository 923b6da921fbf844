#include "core/context/pathnames.h"

#include <QStringList>
#include <QStringTokenizer>

namespace cooperage::context {

QString cleanPath(QStringView path)
{
    const bool rooted = path.startsWith(u'/');
    QStringList parts;
    for (const QStringView part : qTokenize(path, u'/', Qt::SkipEmptyParts)) {
        if (part == u".")
            continue;
        if (part != u"..")
            parts.append(part.toString());
        else if (!parts.isEmpty() && parts.last() != u"..")
            parts.removeLast();
        else if (!rooted)
            parts.append(part.toString());
    }
    const QString joined = parts.join(u'/');
    if (rooted)
        return u'/' + joined;
    return joined.isEmpty() ? QStringLiteral(".") : joined;
}

QString placeInContext(QStringView source)
{
    return cleanPath(u'/' + source.toString()).mid(1);
}

ParentsSource splitAtPivot(const QString &source)
{
    const qsizetype pivot = source.indexOf(QStringLiteral("/./"));
    if (pivot < 0)
        return {QString(), placeInContext(source)};
    return {source.first(pivot), placeInContext(source.sliced(pivot + 3))};
}

QString joinPath(const QString &folder, const QString &name)
{
    if (folder.isEmpty() || name.isEmpty())
        return folder + name;
    return folder + u'/' + name;
}

QString lastComponent(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

} // namespace cooperage::context
