#include "core/credentials/registryname.h"

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

QString normalisedKey(const QString &key)
{
    QString rest = key;
    const qsizetype scheme = key.indexOf("://"_L1);
    if (scheme >= 0)
        rest = key.sliced(scheme + 3).section(u'/', 0, 0);
    while (rest.endsWith(u'/'))
        rest.chop(1);
    QString host = rest.section(u'/', 0, 0).toLower();
    QString path = rest.section(u'/', 1);
    if (host == "index.docker.io"_L1 || host == "registry-1.docker.io"_L1) {
        host = u"docker.io"_s;
        if (path == "v1"_L1 || path == "v2"_L1)
            path.clear();
    }
    return path.isEmpty() ? host : host + u'/' + path;
}

qsizetype fit(const QString &key, const images::Reference &reference)
{
    const QString name = reference.host.toLower() + u'/' + reference.repository;
    const bool isAbove = name.startsWith(key) && (name.size() == key.size() || name[key.size()] == u'/');
    return isAbove ? key.size() : 0;
}

QString helperAddress(const QString &host)
{
    return host == "docker.io"_L1 ? u"https://index.docker.io/v1/"_s : host;
}

} // namespace cooperage::credentials
