#include "core/credentials/signincheck.h"

#include "core/credentials/registryprobe.h"
#include "core/credentials/secret.h"
#include "core/credentials/secretkey.h"
#include "core/credentials/signinwords.h"
#include "core/credentials/tokenservice.h"
#include "core/images/reference.h"

#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

namespace {

/// One sign-in attempt, from the first request to the last.
struct Attempt
{
    QString host; ///< For people.
    engine::Credentials credentials;
    images::Reference registry;
    std::stop_token stop;
    RegistryProbe probe;

    Attempt(QString name, engine::Credentials given, images::Reference reference, std::stop_token token)
        : host(std::move(name)),
          credentials(std::move(given)),
          registry(std::move(reference)),
          stop(std::move(token)),
          probe(registry.isLoopback())
    {
    }

    ~Attempt() { wipe(credentials.password); }
    Attempt(const Attempt &) = delete;
    Attempt &operator=(const Attempt &) = delete;

    [[nodiscard]] QUrl base(const QString &scheme) const
    {
        return QUrl(scheme + u"://"_s + registry.apiHost() + u"/v2/"_s, QUrl::StrictMode);
    }
    [[nodiscard]] QByteArray basic() const
    {
        return "Basic " + (credentials.username + u':' + credentials.password).toUtf8().toBase64();
    }
};

bool isRegistryAnswer(const ProbeAnswer &answer)
{
    return answer.saysRegistry || (answer.status == 401 && !answer.challenges.empty()) ||
           answer.status == 429;
}

/// An encrypted connection came to nothing, but not because of a certificate: perhaps the other end speaks
/// http.
bool mayBePlain(const ProbeAnswer &answer)
{
    return answer.status == 0 && answer.certificateProblems.isEmpty() &&
           answer.problem != QNetworkReply::HostNotFoundError &&
           answer.problem != QNetworkReply::OperationCanceledError;
}

/// What a server of https says to http, where it says anything.
bool mayBeEncrypted(const ProbeAnswer &answer)
{
    return answer.status == 400 ||
           (answer.status == 0 && answer.problem != QNetworkReply::ConnectionRefusedError &&
            answer.problem != QNetworkReply::OperationCanceledError);
}

/// Where a token is to be had for the account, or an invalid URL.
QUrl tokenUrl(const Attempt &attempt, const images::AuthChallenge &challenge)
{
    QUrl url = tokenService(attempt.registry, challenge);
    if (!url.isValid())
        return url;
    QUrlQuery query(url);
    query.addQueryItem(u"account"_s, attempt.credentials.username);
    url.setQuery(query);
    return url;
}

QCoro::Task<SignInCheck> trySignIn(Attempt *attempt, QUrl base, QByteArray authorization)
{
    const ProbeAnswer answer = co_await attempt->probe.get(base, authorization, attempt->stop);
    if (answer.status == 200)
        co_return SignInCheck{SignInState::Accepted};
    co_return words::refused(attempt->host, attempt->credentials, answer);
}

QCoro::Task<SignInCheck> tryToken(Attempt *attempt, QUrl base, images::AuthChallenge challenge)
{
    const QUrl url = tokenUrl(*attempt, challenge);
    if (!url.isValid())
        co_return words::unsafeService(attempt->host);
    const ProbeAnswer answer = co_await attempt->probe.get(url, attempt->basic(), attempt->stop);
    if (answer.status != 200)
        co_return words::refused(attempt->host, attempt->credentials, answer);
    const QByteArray token = tokenIn(answer.body);
    if (token.isEmpty())
        co_return words::oddAnswer(attempt->host);
    co_return co_await trySignIn(attempt, base, "Bearer " + token);
}

QCoro::Task<SignInCheck> answerChallenge(Attempt *attempt, QUrl base, ProbeAnswer refusal)
{
    const auto offers = [&refusal](const char *scheme) {
        return std::ranges::find(refusal.challenges, scheme, &images::AuthChallenge::scheme);
    };
    if (const auto bearer = offers("bearer"); bearer != refusal.challenges.end())
        co_return co_await tryToken(attempt, base, *bearer);
    if (offers("basic") != refusal.challenges.end())
        co_return co_await trySignIn(attempt, base, attempt->basic());
    co_return words::oddAnswer(attempt->host);
}

QCoro::Task<SignInCheck> judge(Attempt *attempt, QUrl base, ProbeAnswer answer)
{
    if (answer.status == 0)
        co_return words::unanswered(attempt->host, answer);
    if (answer.status == 429)
        co_return words::rateLimited(attempt->host, answer.retryAfter);
    if (!isRegistryAnswer(answer))
        co_return words::notRegistry(attempt->host);
    if (answer.status == 200)
        co_return words::notNeeded(attempt->host);
    if (answer.status != 401)
        co_return words::refused(attempt->host, attempt->credentials, answer);
    co_return co_await answerChallenge(attempt, base, answer);
}

// This machine's registries speak http as a rule.
QCoro::Task<SignInCheck> checkOwn(Attempt *attempt, bool httpOnly)
{
    const QUrl plain = attempt->base(u"http"_s);
    const ProbeAnswer answer = co_await attempt->probe.get(plain, {}, attempt->stop);
    if (httpOnly || !mayBeEncrypted(answer))
        co_return co_await judge(attempt, plain, answer);
    const QUrl encrypted = attempt->base(u"https"_s);
    const ProbeAnswer second = co_await attempt->probe.get(encrypted, {}, attempt->stop);
    co_return co_await judge(attempt, encrypted, second);
}

QCoro::Task<SignInCheck> checkOther(Attempt *attempt, bool httpOnly)
{
    if (httpOnly)
        co_return words::plainHttp(attempt->host);
    const QUrl base = attempt->base(u"https"_s);
    const ProbeAnswer answer = co_await attempt->probe.get(base, {}, attempt->stop);
    if (mayBePlain(answer)) {
        const ProbeAnswer plain = co_await attempt->probe.get(attempt->base(u"http"_s), {}, attempt->stop);
        if (plain.status != 0)
            co_return isRegistryAnswer(plain) ? words::plainHttp(attempt->host)
                                              : words::notRegistry(attempt->host);
    }
    co_return co_await judge(attempt, base, answer);
}

} // namespace

QCoro::Task<SignInCheck> checkSignIn(QString host, engine::Credentials credentials, std::stop_token stop)
{
    if (credentials.username == "<token>"_L1)
        co_return words::identityToken(host);
    const bool httpOnly = host.startsWith("http://"_L1, Qt::CaseInsensitive);
    const Result<QString> name = registryHost(host);
    if (!name)
        co_return SignInCheck{SignInState::NotRegistry, name.error()};
    const auto reference = images::Reference::parse(*name + u"/x"_s);
    if (!reference)
        co_return SignInCheck{SignInState::NotRegistry, reference.error()};
    const auto attempt = std::make_unique<Attempt>(*name, std::move(credentials), *reference, stop);
    const SignInCheck result = reference->isLoopback() ? co_await checkOwn(attempt.get(), httpOnly)
                                                       : co_await checkOther(attempt.get(), httpOnly);
    co_return stop.stop_requested() && !result.isAccepted() ? words::cancelled() : result;
}

} // namespace cooperage::credentials
