#include "core/build/sshagents.h"

#include <QCoreApplication>
#include <qcoroprocess.h>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>

#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/prctl.h>
#endif

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("SshAgents", text);
}

static bool isSocket(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() && !info.isFile() && !info.isDir();
}

static void endWithUs(QProcess *process)
{
#ifdef Q_OS_LINUX
    process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
#else
    Q_UNUSED(process)
#endif
}

SshAgents::SshAgents() = default;

SshAgents::~SshAgents()
{
    for (const auto &agent : m_agents) {
        agent->kill();
        agent->waitForFinished(1000);
    }
}

Task<QMap<QString, QString>> SshAgents::open(QList<AgentSource> sources)
{
    QMap<QString, QString> sockets;
    for (const AgentSource &source : std::as_const(sources)) {
        const Result<QString> socket = co_await socketOf(source);
        if (!socket)
            co_return std::unexpected(socket.error());
        sockets[source.id] = *socket;
    }
    co_return sockets;
}

Task<QString> SshAgents::socketOf(AgentSource source)
{
    QStringList paths = source.paths;
    if (paths.isEmpty()) {
        paths << qEnvironmentVariable("SSH_AUTH_SOCK");
        if (paths.first().isEmpty())
            co_return failure(ErrorKind::NotFound,
                              tr("invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set"), {},
                              tr("Start an agent, or name a key: --ssh %1=FILE.").arg(source.id));
    }
    for (const QString &path : std::as_const(paths)) {
        if (!QFileInfo::exists(path))
            co_return failure(ErrorKind::NotFound, tr("There is no such SSH agent or key"), path);
        if (isSocket(path) && paths.size() > 1)
            co_return failure(ErrorKind::BadInput, tr("--ssh %1: only single socket allowed").arg(source.id));
    }
    if (isSocket(paths.first()))
        co_return QFileInfo(paths.first()).absoluteFilePath();
    co_return co_await agentWith(paths);
}

static Task<> addKey(QString socket, QString path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        co_return failure(ErrorKind::Denied, tr("The SSH key cannot be read"), path);
    QProcess add;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SSH_AUTH_SOCK"_s, socket);
    environment.insert(u"SSH_ASKPASS_REQUIRE"_s, u"never"_s);
    add.setProcessEnvironment(environment);
    add.setProcessChannelMode(QProcess::MergedChannels);
    add.setProgram(u"ssh-add"_s);
    add.setArguments({u"-q"_s, u"-"_s}); // By standard input: whoever may read the file is not its affair.
    if (!co_await qCoro(add).start())
        co_return failure(ErrorKind::Unsupported, tr("ssh-add is not installed"), {},
                          tr("Install the OpenSSH client."));
    add.write(file.readAll());
    add.closeWriteChannel();
    co_await qCoro(add).waitForFinished();
    if (add.exitStatus() == QProcess::NormalExit && add.exitCode() == 0)
        co_return {};
    co_return failure(
        ErrorKind::BadInput,
        tr("The SSH key cannot be used: %1").arg(QString::fromLocal8Bit(add.readAll()).trimmed()), path,
        tr("A key with a password has to be in an agent of yours: use --ssh default."));
}

Task<QString> SshAgents::agentWith(QStringList keys)
{
    const QString socket = m_folder.filePath(QString::number(m_agents.size()));
    m_agents.push_back(std::make_unique<QProcess>());
    QProcess *agent = m_agents.back().get();
    endWithUs(agent);
    agent->setProgram(u"ssh-agent"_s);
    agent->setArguments({u"-D"_s, u"-a"_s, socket});
    if (!co_await qCoro(*agent).start())
        co_return failure(ErrorKind::Unsupported, tr("ssh-agent is not installed"), {},
                          tr("Install the OpenSSH client, or use --ssh default with an agent."));
    co_await qCoro(*agent).waitForReadyRead(std::chrono::seconds(10)); // It says where it listens.
    for (const QString &key : std::as_const(keys)) {
        if (const Result<> added = co_await addKey(socket, key); !added)
            co_return std::unexpected(added.error());
    }
    co_return QString(socket);
}

} // namespace cooperage::build
