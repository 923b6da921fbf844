#include "core/credentials/signinwords.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::credentials::words {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SignIn)
};

/// Registries whose accounts have no password of their own for images, and how their tokens begin.
bool isPasswordWhereTokenIsWanted(const QString &host, const QString &password)
{
    const bool github = host == "ghcr.io"_L1 || host == "docker.pkg.github.com"_L1;
    return github && !password.startsWith("gh"_L1) && !password.startsWith("github_pat_"_L1);
}

bool speaksOfToken(const QString &text)
{
    static const QRegularExpression words(
        u"access token|use a token|personal access|2fa|two[- ]factor|app password|multi[- ]factor"_s,
        QRegularExpression::CaseInsensitiveOption);
    return words.match(text).hasMatch();
}

/// The server's own words, unless they hold the password.
QString quoted(const ProbeAnswer &answer, const engine::Credentials &credentials)
{
    const QString said = answer.said();
    const bool harmless = credentials.password.isEmpty() || !said.contains(credentials.password);
    return said.isEmpty() || !harmless ? QString() : Texts::tr(" (it says: %1)").arg(said);
}

SignInCheck tls(const QString &host, const QStringList &problems, const QString &text)
{
    if (problems.isEmpty())
        return {SignInState::Tls,
                {ErrorKind::Failed, Texts::tr("No encrypted connection can be made: %1").arg(text), host,
                 Texts::tr("Check the port, and the computer's clock.")}};
    return {SignInState::Tls,
            {ErrorKind::Failed,
             Texts::tr("The registry's certificate cannot be trusted: %1").arg(problems.first()), host,
             Texts::tr("Add the certificate authority to the system's, or ask the registry's operator.")}};
}

SignInCheck noConnection(const QString &host, const QString &what)
{
    return {SignInState::NoConnection,
            {ErrorKind::Unreachable, what, host,
             Texts::tr("Check host, port, network and proxy, and that the registry is running.")}};
}

} // namespace

SignInCheck unanswered(const QString &host, const ProbeAnswer &answer)
{
    switch (answer.problem) {
    case QNetworkReply::HostNotFoundError:
        return {SignInState::NameNotFound,
                {ErrorKind::Unreachable, Texts::tr("There is no host of this name"), host,
                 Texts::tr("Check the name for typing mistakes, and the network connection.")}};
    case QNetworkReply::SslHandshakeFailedError:
        return tls(host, answer.certificateProblems, answer.problemText);
    case QNetworkReply::ConnectionRefusedError:
        return noConnection(host, Texts::tr("The host refuses the connection"));
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return noConnection(host, Texts::tr("The host does not answer"));
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return noConnection(host, Texts::tr("The proxy does not let the connection through"));
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
        return notRegistry(host);
    default:
        return noConnection(host, Texts::tr("No connection can be made: %1").arg(answer.problemText));
    }
}

SignInCheck rateLimited(const QString &host, const QByteArray &retryAfter)
{
    const int seconds = retryAfter.toInt();
    const QString next = seconds > 0 ? Texts::tr("Try again in %1 s.").arg(seconds)
                                     : Texts::tr("Wait some minutes and try again.");
    return {SignInState::RateLimited,
            {ErrorKind::Unreachable, Texts::tr("The registry got too many requests from here"), host, next}};
}

SignInCheck refused(const QString &host, const engine::Credentials &credentials, const ProbeAnswer &answer)
{
    if (answer.status == 0)
        return unanswered(host, answer);
    if (answer.status == 429)
        return rateLimited(host, answer.retryAfter);
    if (answer.status != 401 && answer.status != 403)
        return {SignInState::Failed,
                {ErrorKind::Failed, Texts::tr("The registry failed to sign in (HTTP %1)").arg(answer.status),
                 host, Texts::tr("Try again later.")}};
    const QString said = quoted(answer, credentials);
    if (speaksOfToken(answer.said()) || isPasswordWhereTokenIsWanted(host, credentials.password))
        return {SignInState::NeedsToken,
                {ErrorKind::Denied,
                 Texts::tr("The registry wants an access token instead of a password") + said, host,
                 Texts::tr("Make an access token in your account's settings there, and give it as the "
                           "password.")}};
    return {SignInState::WrongPassword,
            {ErrorKind::Denied, Texts::tr("The registry does not accept this user name and password") + said,
             host,
             Texts::tr("Check both. An account with two-factor sign-in needs an access token as its "
                       "password.")}};
}

SignInCheck notNeeded(const QString &host)
{
    return {SignInState::NotNeeded,
            {ErrorKind::Unsupported, Texts::tr("This registry asks nobody to sign in"), host,
             Texts::tr("Import its images without a password.")}};
}

SignInCheck notRegistry(const QString &host)
{
    return {SignInState::NotRegistry,
            {ErrorKind::BadInput, Texts::tr("What answers there is not an image registry"), host,
             Texts::tr("Check host and port: a registry's address may differ from that of its web page.")}};
}

SignInCheck plainHttp(const QString &host)
{
    return {SignInState::PlainHttp,
            {ErrorKind::Denied,
             Texts::tr("The registry offers no encryption, so that no password is sent to it"), host,
             Texts::tr("Ask its operator for https. Plain http is used on this computer only.")}};
}

SignInCheck unsafeService(const QString &host)
{
    return {SignInState::Failed,
            {ErrorKind::Failed,
             Texts::tr("The registry sends to a sign-in service to which no password should be sent"), host,
             Texts::tr("Ask the registry's operator to offer https under a host name.")}};
}

SignInCheck oddAnswer(const QString &host)
{
    return {SignInState::Failed,
            {ErrorKind::Failed, Texts::tr("The registry asks for a kind of sign-in that is not known"), host,
             Texts::tr("Ask the registry's operator.")}};
}

SignInCheck identityToken(const QString &host)
{
    return {SignInState::Failed,
            {ErrorKind::Unsupported, Texts::tr("An identity token can only be tried by an import"), host,
             Texts::tr("Import an image from this registry.")}};
}

SignInCheck cancelled()
{
    return {SignInState::Cancelled, {ErrorKind::Cancelled, Texts::tr("Cancelled")}};
}

} // namespace cooperage::credentials::words
