#include "core/images/reference.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace cooperage::images {

using namespace Qt::StringLiterals;

constexpr qsizetype maxTagLength = 256;

QString derivedTag(const QString &reference)
{
    QString tag = reference.trimmed();
    for (const QLatin1StringView scheme : {"docker://"_L1, "oci://"_L1}) {
        if (tag.startsWith(scheme))
            tag.remove(0, scheme.size());
    }
    if (tag.contains(u'@'))
        return {};
    const qsizetype slash = tag.indexOf(u'/');
    if (slash >= 0 && QStringView(tag).first(slash).contains(u'.'))
        tag.remove(0, slash + 1);
    if (tag.startsWith("library/"_L1))
        tag.remove(0, 8);
    return tag;
}

Result<> checkTag(const QString &tag)
{
    static const QRegularExpression grammar(
        QRegularExpression::anchoredPattern(u"[A-Za-z0-9_-]+(?:[:/.][A-Za-z0-9_-]+)*"_s));
    if (tag.isEmpty())
        return failure(ErrorKind::BadInput, QCoreApplication::translate("Tag", "A tag cannot be empty"));
    if (tag.size() > maxTagLength)
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Tag", "A tag has at most %1 characters, this one has %2")
                           .arg(maxTagLength)
                           .arg(tag.size()),
                       tag.first(40) + u'…');
    if (!grammar.match(tag).hasMatch())
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("Tag", "\"%1\" cannot be a tag").arg(tag), {},
                       QCoreApplication::translate(
                           "Tag", "Use letters, digits, _ and -, with single : / . between them."));
    return {};
}

bool isUuid(QStringView text)
{
    static const QRegularExpression grammar(
        QRegularExpression::anchoredPattern(u"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"_s));
    return grammar.matchView(text).hasMatch();
}

} // namespace cooperage::images
