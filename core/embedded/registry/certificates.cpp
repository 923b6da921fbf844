#include "core/embedded/registry/certificates.h"

#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct CertificateText
{
    Q_DECLARE_TR_FUNCTIONS(RegistryCertificates)
};

std::unexpected<Error> unusable(const QString &what, const QString &file)
{
    ERR_clear_error();
    return failure(
        ErrorKind::BadInput, what, file,
        CertificateText::tr("Replace the file by a PEM file of the registry's operator, or remove it."));
}

Result<> addPair(SSL_CTX *context, const QString &certificate)
{
    const QString key = certificate.chopped(5) + u".key"_s;
    if (!QFile::exists(key))
        return failure(ErrorKind::BadInput, CertificateText::tr("The certificate has no key beside it"),
                       certificate, CertificateText::tr("Put its key into %1.").arg(key));
    if (SSL_CTX_use_certificate_chain_file(context, QFile::encodeName(certificate).constData()) != 1)
        return unusable(CertificateText::tr("This is no certificate"), certificate);
    if (SSL_CTX_use_PrivateKey_file(context, QFile::encodeName(key).constData(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return unusable(CertificateText::tr("This is not the key of the certificate beside it"), key);
    return {};
}

// The folder's name may state the port even where it is the usual one.
QStringList namesOf(const HttpOrigin &origin)
{
    const bool isIpv6 = origin.host.find(':') != std::string::npos;
    const QString host = QString::fromStdString(isIpv6 ? '[' + origin.host + ']' : origin.host);
    const QString withPort = host + u':' + QString::number(origin.port);
    return origin.port == 443 ? QStringList{host, withPort} : QStringList{withPort};
}

} // namespace

QStringList certificateFolders()
{
    return {u"/etc/docker/certs.d"_s, u"/etc/containers/certs.d"_s,
            QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                u"/containers/certs.d"_s,
            QDir::homePath() + u"/.docker/certs.d"_s};
}

Result<> trustCertificatesOf(const HttpOrigin &origin, httplib::Client &client)
{
    SSL_CTX *context = client.ssl_context();
    for (const QString &folder : certificateFolders()) {
        for (const QString &name : namesOf(origin)) {
            const QDir place(folder + u'/' + name);
            for (const QFileInfo &file : place.entryInfoList({u"*.crt"_s}, QDir::Files, QDir::Name)) {
                const QByteArray path = QFile::encodeName(file.filePath());
                if (SSL_CTX_load_verify_locations(context, path.constData(), nullptr) != 1)
                    return unusable(CertificateText::tr("This is no certificate of an authority"),
                                    file.filePath());
            }
            for (const QFileInfo &file : place.entryInfoList({u"*.cert"_s}, QDir::Files, QDir::Name)) {
                if (auto added = addPair(context, file.filePath()); !added)
                    return added;
            }
        }
    }
    return {};
}

} // namespace cooperage::embedded
