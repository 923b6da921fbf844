#include "core/embedded/registry/proxysettings.h"

#include <QCoreApplication>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct ProxyText
{
    Q_DECLARE_TR_FUNCTIONS(ProxySettings)
};

QByteArray variable(const char *upper, const char *lower)
{
    const QByteArray value = qgetenv(lower);
    return value.isEmpty() ? qgetenv(upper) : value;
}

} // namespace

bool isExempt(const HttpOrigin &origin, std::string_view noProxy)
{
    const QByteArray host = QByteArray::fromStdString(origin.host);
    for (QByteArray entry :
         QByteArray(noProxy.data(), static_cast<qsizetype>(noProxy.size())).toLower().split(',')) {
        entry = entry.trimmed();
        const qsizetype colon = entry.lastIndexOf(':');
        if (colon > 0 && entry.count(':') == 1) {
            if (entry.mid(colon + 1).toInt() != origin.port)
                continue;
            entry.truncate(colon);
        }
        if (entry.startsWith("*."))
            entry.remove(0, 1);
        if (entry == "*" ||
            (!entry.isEmpty() && (host == entry || host == entry.mid(entry.startsWith('.') ? 1 : 0))))
            return true;
        if (!entry.isEmpty() && host.endsWith(entry.startsWith('.') ? entry : '.' + entry))
            return true;
    }
    return false;
}

Result<std::optional<Proxy>> proxyFor(const HttpOrigin &origin)
{
    const QByteArray value = origin.scheme == "https" ? variable("HTTPS_PROXY", "https_proxy")
                                                      : variable("HTTP_PROXY", "http_proxy");
    if (value.isEmpty() || origin.isLoopback() ||
        isExempt(origin, variable("NO_PROXY", "no_proxy").toStdString()))
        return std::optional<Proxy>();
    QString text = QString::fromLocal8Bit(value);
    if (!text.contains("://"_L1))
        text.prepend("http://"_L1);
    const QUrl url(text);
    if (url.scheme() != "http"_L1 || url.host().isEmpty())
        return failure(ErrorKind::Unsupported,
                       ProxyText::tr("The proxy set in the environment is not an http:// address"),
                       u"HTTPS_PROXY"_s, ProxyText::tr("Set HTTPS_PROXY to http://host:port, or unset it."));
    return std::optional(Proxy{url.host().toStdString(), url.port(3128),
                               url.userName(QUrl::FullyDecoded).toStdString(),
                               url.password(QUrl::FullyDecoded).toStdString()});
}

} // namespace cooperage::embedded
