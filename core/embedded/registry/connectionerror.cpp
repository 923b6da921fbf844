#include "core/embedded/registry/connectionerror.h"

#include "core/embedded/registry/certificates.h"

#include <QCoreApplication>

#include <httplib.h>
#include <openssl/x509.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct ConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(RegistryConnection)
};

QString certificateProblem(const httplib::Client &client)
{
    const long code = client.get_openssl_verify_result();
    if (code == X509_V_OK)
        return ConnectionText::tr("it is for another host");
    return QString::fromUtf8(X509_verify_cert_error_string(code));
}

QString placeForAuthority(const HttpOrigin &origin)
{
    const QString name = QString::fromStdString(origin.toString()).section(u"://"_s, 1);
    return certificateFolders().at(2) + u'/' + name + u"/ca.crt"_s;
}

} // namespace

TransportFailure connectionFailure(httplib::Error error, const httplib::Client &client,
                                   const HttpOrigin &origin)
{
    const QString where = QString::fromStdString(origin.toString());
    switch (error) {
    case httplib::Error::Connection:
        return {{ErrorKind::Unreachable, ConnectionText::tr("The host refuses the connection"), where,
                 ConnectionText::tr("Check host and port, and that the registry is running.")}};
    case httplib::Error::ConnectionTimeout:
        return {{ErrorKind::Unreachable, ConnectionText::tr("The host does not answer"), where,
                 ConnectionText::tr("Check the network connection, firewall and proxy, then try again.")}};
    case httplib::Error::ProxyConnection:
        return {{ErrorKind::Unreachable, ConnectionText::tr("The proxy does not let the connection through"),
                 where,
                 ConnectionText::tr("Check HTTPS_PROXY and NO_PROXY in the environment of the engine.")}};
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification:
        return {
            {ErrorKind::Failed,
             ConnectionText::tr("The host's certificate cannot be trusted: %1")
                 .arg(certificateProblem(client)),
             where,
             ConnectionText::tr("If you trust its certificate authority, put that one's certificate into %1.")
                 .arg(placeForAuthority(origin))}};
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
        return {{ErrorKind::Failed, ConnectionText::tr("No encrypted connection can be made"), where,
                 ConnectionText::tr("Check that the port speaks https; plain http is used only where it is "
                                    "allowed (--plain-http), and for this machine's own registries.")}};
    default:
        return {{ErrorKind::Unreachable, ConnectionText::tr("The connection broke off"), where,
                 ConnectionText::tr("Try again.")},
                true};
    }
}

} // namespace cooperage::embedded
