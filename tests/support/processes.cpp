#include "tests/support/processes.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace cooperage::test {

ServiceProcess::~ServiceProcess()
{
    kill();
}

Result<> ServiceProcess::start(const QString &program, const QStringList &arguments,
                               const std::function<bool()> &ready, const QProcessEnvironment &environment)
{
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(program, arguments);
    if (!m_process.waitForStarted())
        return failure(ErrorKind::NotFound, m_process.errorString(), program);
    QElapsedTimer timer;
    timer.start();
    while (!ready()) {
        if (m_process.state() == QProcess::NotRunning || timer.elapsed() > 10'000)
            return failure(ErrorKind::Failed, u"did not become ready: "_s + QString::fromUtf8(output()),
                           program);
        QTest::qWait(20);
    }
    return {};
}

void ServiceProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

void ServiceProcess::terminate()
{
    m_process.terminate();
    m_process.waitForFinished(10'000);
    kill();
}

QByteArray ServiceProcess::output()
{
    return m_process.readAll();
}

QByteArray ServiceProcess::outputUpTo(const QByteArray &text)
{
    QElapsedTimer timer;
    timer.start();
    QByteArray all = output();
    while (!all.contains(text) && timer.elapsed() < 10'000 && m_process.waitForReadyRead(1000))
        all += output();
    return all;
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

bool accepts(quint16 port, const QString &address)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(address), port);
    return socket.waitForConnected(500);
}

PrivateHome::PrivateHome() : m_folder(QDir::tempPath() + u"/cprg-XXXXXX"_s)
{
    const std::pair<const char *, const char *> folders[] = {{"XDG_DATA_HOME", "data"},
                                                             {"XDG_CONFIG_HOME", "config"},
                                                             {"XDG_CACHE_HOME", "cache"},
                                                             {"XDG_STATE_HOME", "state"},
                                                             {"XDG_RUNTIME_DIR", "run"}};
    for (const auto &[variable, name] : folders) {
        const QString folder = path(QString::fromLatin1(name));
        QDir().mkpath(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(variable, QFile::encodeName(folder));
    }
}

PrivateHome::~PrivateHome() = default;

QString PrivateHome::path(const QString &below) const
{
    return below.isEmpty() ? m_folder.path() : m_folder.filePath(below);
}

Result<> Registry::start(const QString &user, const QString &password)
{
    m_port = freePort();
    QString auth;
    if (!user.isEmpty()) {
        QProcess htpasswd;
        htpasswd.start(u"htpasswd"_s, {u"-niB"_s, user});
        htpasswd.write(password.toUtf8() + '\n');
        htpasswd.closeWriteChannel();
        htpasswd.waitForFinished();
        QFile file(m_folder.filePath(u"htpasswd"_s));
        if (!file.open(QFile::WriteOnly) || file.write(htpasswd.readAllStandardOutput()) <= 0)
            return failure(ErrorKind::Failed, u"cannot write the registry's password file"_s);
        auth = u"auth: {htpasswd: {realm: test, path: %1}}\n"_s.arg(file.fileName());
    }
    QFile config(m_folder.filePath(u"config.yml"_s));
    if (!config.open(QFile::WriteOnly))
        return failure(ErrorKind::Failed, u"cannot write the registry's configuration"_s);
    config.write(u"version: 0.1\nlog: {level: error}\n"
                 "storage: {filesystem: {rootdirectory: %1/data}, delete: {enabled: true}}\n"
                 "http: {addr: '%5:%2', tls: {%4}}\n%3"_s.arg(m_folder.path())
                     .arg(m_port)
                     .arg(auth, m_tls, m_address)
                     .toUtf8());
    config.close();
    return m_process.start(u"docker-registry"_s, {u"serve"_s, config.fileName()},
                           [this] { return accepts(m_port, m_address); });
}

QByteArray Registry::log()
{
    // A request is logged after its answer: one more tells that all before it are.
    const QByteArray mark = "mark=" + QByteArray::number(++m_marks) + ' ';
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(m_address), m_port);
    if (!socket.waitForConnected())
        return {};
    socket.write("GET /v2/?" + mark + "HTTP/1.0\r\n\r\n");
    if (!socket.waitForDisconnected())
        return {};
    return m_process.outputUpTo(mark);
}

QString Registry::reference(const QString &name) const
{
    return u"%1:%2/%3"_s.arg(m_address).arg(m_port).arg(name);
}

} // namespace cooperage::test
