#include "core/credentials/secretkey.h"

#include "core/images/reference.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

SecretKey SecretKey::registry(const QString &host, const QString &user)
{
    return {Kind::Registry, host, user};
}

SecretKey SecretKey::contree(const QString &connection)
{
    return {Kind::Contree, connection, {}};
}

SecretKey SecretKey::dockerTls(const QString &context)
{
    return {Kind::DockerTls, context, {}};
}

QString SecretKey::toString() const
{
    switch (kind) {
    case Kind::Registry:
        return u"registry:%1:%2"_s.arg(scope, user);
    case Kind::Contree:
        return u"contree:"_s + scope;
    case Kind::DockerTls:
        break;
    }
    return u"docker-tls:"_s + scope;
}

std::optional<SecretKey> SecretKey::parse(const QString &text)
{
    const QString kind = text.section(u':', 0, 0);
    const QString rest = text.section(u':', 1);
    if (kind == "registry"_L1) {
        // A host may have a port; a user name of Basic authentication holds no colon.
        const qsizetype colon = rest.lastIndexOf(u':');
        if (colon > 0)
            return registry(rest.first(colon), rest.sliced(colon + 1));
    } else if (kind == "contree"_L1 && !rest.isEmpty()) {
        return contree(rest);
    } else if (kind == "docker-tls"_L1 && !rest.isEmpty()) {
        return dockerTls(rest);
    }
    return std::nullopt;
}

Result<QString> registryHost(const QString &text)
{
    QString host = text.trimmed();
    if (const qsizetype scheme = host.indexOf("://"_L1); scheme >= 0)
        host.remove(0, scheme + 3);
    host = host.section(u'/', 0, 0).toLower();
    if (host == "index.docker.io"_L1 || host == "registry-1.docker.io"_L1 || host == "registry.docker.io"_L1)
        host = u"docker.io"_s;
    const auto reference = images::Reference::parse(host + u"/x"_s);
    if (!host.isEmpty() && reference && reference->host == host)
        return host;
    return failure(ErrorKind::BadInput,
                   QCoreApplication::translate("Credentials", "“%1” is not the name of a registry").arg(host),
                   {},
                   QCoreApplication::translate("Credentials",
                                               "Give its host, with the port where it needs one: ghcr.io, "
                                               "registry.example.com:5000."));
}

} // namespace cooperage::credentials
