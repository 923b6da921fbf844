#include "core/dockerfile/keywords.h"

#include "core/dockerfile/parser.h"

#include <QHash>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// In the order of the enumeration, which is the alphabet's; Unknown comes before them.
const QStringList &keywordNames()
{
    static const QStringList names{
        u"ADD"_s,    u"ARG"_s,   u"CMD"_s,         u"COPY"_s,  u"ENTRYPOINT"_s, u"ENV"_s,
        u"EXPOSE"_s, u"FROM"_s,  u"HEALTHCHECK"_s, u"LABEL"_s, u"MAINTAINER"_s, u"ONBUILD"_s,
        u"RUN"_s,    u"SHELL"_s, u"STOPSIGNAL"_s,  u"USER"_s,  u"VOLUME"_s,     u"WORKDIR"_s};
    return names;
}

Keyword keywordOf(const QString &text)
{
    static const QHash<QString, Keyword> keywords = [] {
        QHash<QString, Keyword> result;
        for (const QString &name : keywordNames())
            result.insert(name.toLower(), Keyword(result.size() + 1));
        return result;
    }();
    return keywords.value(text.toLower(), Keyword::Unknown);
}

QString keywordName(Keyword keyword)
{
    return keyword == Keyword::Unknown ? QString() : keywordNames().at(qsizetype(keyword) - 1);
}

} // namespace cooperage::dockerfile
