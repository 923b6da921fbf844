#include "core/credentials/credentialhelper.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

namespace {

struct HelperText
{
    Q_DECLARE_TR_FUNCTIONS(CredentialHelper)
};

constexpr qint64 maximumAnswer = 1024 * 1024;

enum class End { Answered, Stopped, TookTooLong, SaidTooMuch };

End waitFor(QProcess &process, QByteArray &answer, const std::stop_token &stop,
            std::chrono::milliseconds patience)
{
    QElapsedTimer timer;
    timer.start();
    while (!process.waitForFinished(50) && process.state() != QProcess::NotRunning) {
        answer += process.readAllStandardOutput();
        if (stop.stop_requested())
            return End::Stopped;
        if (answer.size() > maximumAnswer)
            return End::SaidTooMuch;
        if (timer.durationElapsed() > patience)
            return End::TookTooLong;
    }
    answer += process.readAllStandardOutput();
    return answer.size() > maximumAnswer ? End::SaidTooMuch : End::Answered;
}

/// What a helper says when it fails: it does so on standard output. An account is never shown.
QString complaint(const QByteArray &answer)
{
    const QString line = QString::fromUtf8(answer.trimmed()).section(u'\n', 0, 0).simplified().left(200);
    return line.startsWith(u'{') ? QString() : line;
}

Result<std::optional<engine::Credentials>> readAnswer(const QByteArray &answer, const QString &program)
{
    const QJsonObject object = QJsonDocument::fromJson(answer).object();
    const engine::Credentials account{object["Username"_L1].toString(), object["Secret"_L1].toString(),
                                      HelperText::tr("the credential helper %1").arg(program)};
    if (!object.contains("Secret"_L1))
        return failure(ErrorKind::Failed, HelperText::tr("The credential helper gave no readable answer"),
                       program, HelperText::tr("Check the helper, or sign in with --username."));
    // Some helpers say "nothing" in this way.
    return account.username.isEmpty() && account.password.isEmpty() ? std::nullopt : std::optional(account);
}

} // namespace

Result<std::optional<engine::Credentials>> askHelper(const QString &name, const QString &server,
                                                     std::stop_token stop, std::chrono::milliseconds patience)
{
    static const QRegularExpression allowed(QRegularExpression::anchoredPattern(u"[A-Za-z0-9._-]+"_s));
    if (!allowed.match(name).hasMatch())
        return failure(ErrorKind::BadInput, HelperText::tr("This is not the name of a credential helper"),
                       name,
                       HelperText::tr("Names consist of letters, digits and . _ -; correct credsStore or "
                                      "credHelpers in the file with the registry credentials."));
    const QString program = u"docker-credential-"_s + name;
    QProcess process;
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, {u"get"_s});
    if (!process.waitForStarted())
        return failure(
            ErrorKind::NotFound,
            HelperText::tr("The credential helper cannot be started: %1").arg(process.errorString()), program,
            HelperText::tr("Install it, or take it out of the file with the registry credentials."));
    process.write(server.toUtf8() + '\n');
    process.closeWriteChannel();
    QByteArray answer;
    const End end = waitFor(process, answer, stop, patience);
    if (end != End::Answered) {
        process.kill();
        process.waitForFinished();
    }
    if (end == End::Stopped)
        return failure(ErrorKind::Cancelled, HelperText::tr("Stopped"));
    if (end == End::TookTooLong || end == End::SaidTooMuch)
        return failure(ErrorKind::Failed,
                       end == End::TookTooLong ? HelperText::tr("The credential helper does not answer")
                                               : HelperText::tr("The credential helper says too much"),
                       program, HelperText::tr("Check the helper, or sign in with --username."));
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return readAnswer(answer, program);
    if (answer.contains("credentials not found"))
        return std::nullopt;
    return failure(ErrorKind::Failed,
                   HelperText::tr("The credential helper failed: %1").arg(complaint(answer)), program,
                   HelperText::tr("Check the helper, or sign in with --username."));
}

} // namespace cooperage::credentials
