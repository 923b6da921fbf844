#include "tests/support/dockerd.h"

#include <QFile>
#include <QStandardPaths>

#include <filesystem>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::test {

Dockerd::~Dockerd()
{
    m_process.terminate();
    // QTemporaryDir cannot remove names that are not UTF-8.
    std::error_code error;
    std::filesystem::remove_all(m_folder.path().toStdString(), error);
}

QString Dockerd::address() const
{
    return u"unix://"_s + m_folder.filePath(u"socket"_s);
}

Result<> Dockerd::start()
{
    if (::geteuid() != 0)
        return failure(ErrorKind::Denied, u"dockerd needs root"_s);
    if (QStandardPaths::findExecutable(u"dockerd"_s).isEmpty())
        return failure(ErrorKind::NotFound, u"dockerd is not installed"_s);
    const QStringList arguments{u"--pdeathsig=TERM"_s,
                                u"dockerd"_s,
                                u"--data-root="_s + m_folder.filePath(u"data"_s),
                                u"--exec-root="_s + m_folder.filePath(u"exec"_s),
                                u"--pidfile="_s + m_folder.filePath(u"pid"_s),
                                u"--host="_s + address(),
                                u"--bridge=none"_s,
                                u"--iptables=false"_s,
                                u"--ip6tables=false"_s,
                                u"--ip-forward=false"_s,
                                u"--ip-masq=false"_s,
                                u"--log-level=error"_s};
    return m_process.start(u"setpriv"_s, arguments, [this] { return docker({u"version"_s}).has_value(); });
}

Result<QByteArray> Dockerd::docker(const QStringList &arguments, const QString &input,
                                   const QProcessEnvironment &environment) const
{
    QProcess process;
    process.setProcessEnvironment(environment);
    if (!input.isEmpty())
        process.setStandardInputFile(input);
    process.start(u"docker"_s, QStringList{u"--host"_s, address()} + arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        return failure(ErrorKind::Failed, QString::fromUtf8(process.readAllStandardError()), u"docker"_s);
    return process.readAllStandardOutput();
}

} // namespace cooperage::test
