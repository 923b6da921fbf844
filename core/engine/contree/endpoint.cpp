#include "core/engine/contree/endpoint.h"

#include <QCoreApplication>
#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

QString Endpoint::address() const
{
    return isLocal() ? socketPath : baseUrl.toDisplayString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash);
}

QString Endpoint::displayName() const
{
    if (!name.isEmpty())
        return name;
    return isLocal() ? QCoreApplication::translate("Engine", "Embedded engine")
                     : QCoreApplication::translate("Engine", "ConTree at %1").arg(baseUrl.host());
}

QByteArray Endpoint::target(const QByteArray &path, const Query &query) const
{
    QByteArray result = isLocal() ? QByteArray() : baseUrl.path(QUrl::FullyEncoded).toUtf8();
    while (result.endsWith('/'))
        result.chop(1);
    result += path;
    char separator = '?';
    for (const auto &[name, value] : query) {
        result += separator + name + '=' + QUrl::toPercentEncoding(value);
        separator = '&';
    }
    return result;
}

QUrl Endpoint::url(const QByteArray &path, const Query &query) const
{
    const QByteArray origin = isLocal() ? QByteArray("unix+http://localhost")
                                        : baseUrl.toEncoded(QUrl::RemovePath | QUrl::RemoveQuery |
                                                            QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    return QUrl::fromEncoded(origin + target(path, query), QUrl::StrictMode);
}

Result<> Endpoint::check() const
{
    const bool web = baseUrl.scheme() == "http"_L1 || baseUrl.scheme() == "https"_L1;
    if (isLocal() || (web && !baseUrl.host().isEmpty()))
        return {};
    return failure(ErrorKind::BadInput,
                   QCoreApplication::translate("Engine", "This is not the address of an engine"), address(),
                   QCoreApplication::translate("Engine", "Give an http or https address."));
}

QByteArray segment(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

bool isLoopbackHost(const QString &host)
{
    return host.compare("localhost"_L1, Qt::CaseInsensitive) == 0 || QHostAddress(host).isLoopback();
}

QByteArray userAgent()
{
    const QString version = QCoreApplication::applicationVersion();
    return version.isEmpty() ? QByteArray("cooperage") : "cooperage/" + version.toUtf8();
}

} // namespace cooperage::engine::contree
