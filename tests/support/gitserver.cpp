#include "tests/support/gitserver.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTest>

using namespace Qt::StringLiterals;

namespace cooperage::test {

static QString daemonProgram()
{
    QProcess git;
    git.start(u"git"_s, {u"--exec-path"_s});
    return git.waitForFinished() ? QString::fromUtf8(git.readAll()).trimmed() + u"/git-daemon"_s : QString();
}

bool GitServer::isPossible()
{
    return !QStandardPaths::findExecutable(u"git"_s).isEmpty() && QFile::exists(daemonProgram());
}

Result<> GitServer::start()
{
    m_port = freePort();
    return m_daemon.start(daemonProgram(),
                          {u"--base-path="_s + m_folder.path(), u"--export-all"_s, u"--reuseaddr"_s,
                           u"--listen=127.0.0.1"_s, u"--port=%1"_s.arg(m_port)},
                          [this] { return accepts(m_port); });
}

QString GitServer::repository(const QString &name)
{
    QDir().mkpath(m_folder.filePath(name));
    git(name, {u"init"_s, u"-q"_s, u"-b"_s, u"main"_s, u"."_s});
    return m_folder.filePath(name);
}

QString GitServer::git(const QString &name, const QStringList &arguments) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder.filePath(name));
    const QStringList settings{u"-c"_s, u"user.name=Test"_s,   u"-c"_s, u"user.email=test@example.org"_s,
                               u"-c"_s, u"safe.directory=*"_s, u"-c"_s, u"protocol.file.allow=always"_s};
    process.start(u"git"_s, settings + arguments);
    process.waitForFinished();
    if (process.exitCode() != 0)
        QTest::qFail(process.readAllStandardError().constData(), __FILE__, __LINE__);
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

void GitServer::write(const QString &name, const QString &path, const QByteArray &content) const
{
    const QString file = m_folder.filePath(name + u'/' + path);
    QDir().mkpath(QFileInfo(file).path());
    QFile target(file);
    QVERIFY(target.open(QIODevice::WriteOnly));
    target.write(content);
}

QString GitServer::commit(const QString &name, const QString &message)
{
    git(name, {u"add"_s, u"-A"_s});
    git(name, {u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, message});
    return git(name, {u"rev-parse"_s, u"HEAD"_s});
}

QString GitServer::url(const QString &name) const
{
    return u"git://127.0.0.1:%1/%2"_s.arg(m_port).arg(name);
}

} // namespace cooperage::test
