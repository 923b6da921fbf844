#include "core/context/gitprogram.h"

#include "core/context/filehashing.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::context {

static QString tr(const char *text)
{
    return QCoreApplication::translate("GitProgram", text);
}

constexpr int waitMs = 50;

GitProgram::GitProgram(QString folder, QStringList secrets, GitProgress progress, std::stop_token stop)
    : m_folder(std::move(folder)),
      m_secrets(std::move(secrets)),
      m_progress(std::move(progress)),
      m_stop(std::move(stop))
{
}

// Nothing that would ask, and nothing of a repository that this program may have been started in.
static QProcessEnvironment environment()
{
    QProcessEnvironment result = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"GIT_DIR"_s, u"GIT_WORK_TREE"_s, u"GIT_INDEX_FILE"_s, u"GIT_COMMON_DIR"_s,
                                u"GIT_OBJECT_DIRECTORY"_s, u"GIT_NAMESPACE"_s, u"GIT_PREFIX"_s})
        result.remove(name);
    result.insert(u"GIT_TERMINAL_PROMPT"_s, u"0"_s);
    result.insert(u"GIT_ASKPASS"_s, QString());
    result.insert(u"SSH_ASKPASS_REQUIRE"_s, u"never"_s);
    result.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    return result;
}

// Without a terminal ssh has nobody to ask; the process group ends as a whole.
static void prepareChild()
{
    ::setsid();
    ::umask(022);
}

static QStringList settings()
{
    QStringList result;
    for (const QString &setting :
         {u"core.hooksPath=/dev/null"_s, u"core.fsmonitor=false"_s, u"core.autocrlf=false"_s,
          u"core.fileMode=true"_s, u"core.symlinks=true"_s, u"advice.detachedHead=false"_s,
          u"init.defaultBranch=master"_s, u"gc.auto=0"_s, u"protocol.allow=never"_s,
          u"protocol.https.allow=always"_s, u"protocol.http.allow=always"_s, u"protocol.git.allow=always"_s,
          u"protocol.ssh.allow=always"_s,
          u"protocol.file.allow=user"_s}) // A repository shall not bring in others of this machine.
        result << u"-c"_s << setting;
    return result;
}

Error GitProgram::errorOf(const QByteArray &said) const
{
    QString text = QString::fromUtf8(said);
    for (const QString &secret : m_secrets)
        text.replace(secret, u"***"_s);
    QStringList lines;
    for (const QString &line : text.split(QRegularExpression(u"[\\r\\n]"_s), Qt::SkipEmptyParts)) {
        if (line.startsWith("fatal:"_L1) || line.startsWith("error:"_L1) || line.startsWith("ERROR"_L1))
            lines << line;
    }
    const QString words = (lines.isEmpty() ? text.trimmed().right(400) : lines.join(u' ')).trimmed();
    return {ErrorKind::Failed,
            tr("git failed: %1").arg(words),
            {},
            tr("Try the address with git itself; it asks for nothing here, so keys and passwords must be "
               "known to it.")};
}

// "Receiving objects:  42% (21/50)"
void GitProgram::report(const QByteArray &said) const
{
    static const QRegularExpression form(u"([A-Z][a-z]+(?: [a-z]+)*): +(\\d+)%"_s);
    QRegularExpressionMatch last;
    auto matches = form.globalMatch(QString::fromUtf8(said));
    while (matches.hasNext())
        last = matches.next();
    if (last.hasMatch() && m_progress)
        m_progress(last.captured(2).toInt(), last.captured(1));
}

Result<QByteArray> GitProgram::run(const QStringList &arguments) const
{
    QProcess process;
    process.setProcessEnvironment(environment());
    process.setWorkingDirectory(m_folder);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setChildProcessModifier(prepareChild);
    process.start(u"git"_s, settings() + arguments);
    if (!process.waitForStarted(-1))
        return failure(ErrorKind::Unsupported, tr("git cannot be started: %1").arg(process.errorString()), {},
                       tr("Install git."));
    QByteArray said;
    while (process.state() != QProcess::NotRunning) {
        if (m_stop.stop_requested()) {
            ::kill(-static_cast<pid_t>(process.processId()), SIGKILL);
            process.kill(); // It may not lead its group yet.
            process.waitForFinished(-1);
            return std::unexpected(cancelled());
        }
        process.waitForFinished(waitMs);
        const QByteArray more = process.readAllStandardError();
        said = (said + more).right(64 * 1024);
        report(more);
    }
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return std::unexpected(errorOf(said));
    return process.readAllStandardOutput();
}

} // namespace cooperage::context
