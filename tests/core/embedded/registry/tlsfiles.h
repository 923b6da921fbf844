#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace cooperage::test {

using namespace Qt::StringLiterals;

/// A certificate authority of a test's own, and what it has signed; made by openssl.
class TlsFiles
{
public:
    /// Why there are none, or empty.
    [[nodiscard]] QByteArray make()
    {
        if (const QByteArray problem = openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                                                u"ec_paramgen_curve:P-256"_s, u"-nodes"_s, u"-days"_s, u"2"_s,
                                                u"-subj"_s, u"/CN=Test Authority"_s, u"-keyout"_s,
                                                path(u"ca.key"_s), u"-out"_s, path(u"ca.crt"_s)});
            !problem.isEmpty())
            return problem;
        const QByteArray problem =
            sign(u"server"_s, u"subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:registry.test"_s);
        return problem.isEmpty() ? sign(u"client"_s, u"extendedKeyUsage=clientAuth"_s) : problem;
    }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    [[nodiscard]] QByteArray sign(const QString &name, const QString &extension) const
    {
        QFile extensions(path(name + u".ext"_s));
        if (!extensions.open(QFile::WriteOnly) || extensions.write(extension.toLatin1() + '\n') < 0)
            return "cannot write";
        extensions.close();
        const QByteArray problem =
            openssl({u"req"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
                     u"-nodes"_s, u"-subj"_s, u"/CN="_s + name, u"-keyout"_s, path(name + u".key"_s),
                     u"-out"_s, path(name + u".csr"_s)});
        if (!problem.isEmpty())
            return problem;
        return openssl({u"x509"_s, u"-req"_s, u"-in"_s, path(name + u".csr"_s), u"-CA"_s, path(u"ca.crt"_s),
                        u"-CAkey"_s, path(u"ca.key"_s), u"-CAcreateserial"_s, u"-days"_s, u"2"_s,
                        u"-extfile"_s, extensions.fileName(), u"-out"_s, path(name + u".crt"_s)});
    }
    [[nodiscard]] static QByteArray openssl(const QStringList &arguments)
    {
        QProcess process;
        process.start(u"openssl"_s, arguments);
        if (!process.waitForFinished() || process.exitCode() != 0)
            return "openssl: " + process.readAllStandardError();
        return {};
    }

    QTemporaryDir m_folder;
};

} // namespace cooperage::test
