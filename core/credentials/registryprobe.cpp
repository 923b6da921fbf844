#include "core/credentials/registryprobe.h"

#include "core/engine/contree/endpoint.h"
#include "core/engine/contree/waiting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QSslError>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::credentials {

static constexpr auto longestSilence = 15s;
static constexpr qsizetype longestBody = 256 * 1024;

QString ProbeAnswer::said() const
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    const QJsonObject first = object["errors"_L1][0].toObject();
    for (const QJsonValue &value :
         {first["message"_L1], first["detail"_L1], object["details"_L1], object["message"_L1]}) {
        if (value.isString() && !value.toString().isEmpty())
            return value.toString().left(300);
    }
    return object.isEmpty() && !body.contains('<') ? QString::fromUtf8(body).simplified().left(300)
                                                   : QString();
}

RegistryProbe::RegistryProbe(bool loopback) : m_network(new QNetworkAccessManager)
{
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    if (loopback)
        m_network->setProxy(QNetworkProxy::NoProxy);
}

static QNetworkRequest requestFor(const QUrl &url, const QByteArray &authorization)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setTransferTimeout(longestSilence);
    request.setRawHeader("User-Agent", engine::contree::userAgent());
    if (!authorization.isEmpty())
        request.setRawHeader("Authorization", authorization);
    return request;
}

static ProbeAnswer answerOf(const QNetworkReply &reply)
{
    ProbeAnswer answer;
    answer.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    answer.problem = reply.error();
    answer.problemText = reply.errorString();
    answer.retryAfter = reply.rawHeader("Retry-After");
    answer.saysRegistry = reply.rawHeader("Docker-Distribution-Api-Version").startsWith("registry/2");
    // Qt joins repeated headers with a comma, which is how one value holds several challenges too.
    answer.challenges = images::parseChallenges(reply.rawHeader("WWW-Authenticate").toStdString());
    return answer;
}

static QCoro::Task<ProbeAnswer> answerTo(QNetworkReply *reply, std::stop_token stop)
{
    QStringList certificateProblems;
    QObject::connect(reply, &QNetworkReply::sslErrors, reply,
                     [&certificateProblems](const QList<QSslError> &errors) {
                         for (const QSslError &error : errors)
                             certificateProblems << error.errorString();
                     });
    const std::stop_callback onStop(
        stop, [reply] { QMetaObject::invokeMethod(reply, &QNetworkReply::abort, Qt::QueuedConnection); });
    QByteArray body;
    while (!reply->isFinished()) {
        co_await engine::contree::ReplyActivity(reply);
        if (reply->isOpen())
            body += reply->readAll();
        if (body.size() > longestBody)
            reply->abort();
    }
    ProbeAnswer answer = answerOf(*reply);
    answer.body = body.first(std::min(body.size(), longestBody));
    answer.certificateProblems = certificateProblems;
    reply->deleteLater();
    co_return answer;
}

// The replies are the manager's children.
QCoro::Task<ProbeAnswer> RegistryProbe::get(QUrl url, QByteArray authorization, std::stop_token stop)
{
    co_return co_await answerTo(m_network->get(requestFor(url, authorization)), stop);
}

QCoro::Task<ProbeAnswer> RegistryProbe::headManifest(QUrl url, QByteArray authorization, std::stop_token stop)
{
    QNetworkRequest request = requestFor(url, authorization);
    // A registry may say "not found" for a manifest of a type that was not asked for.
    request.setRawHeader("Accept", "application/vnd.oci.image.index.v1+json, "
                                   "application/vnd.oci.image.manifest.v1+json, "
                                   "application/vnd.docker.distribution.manifest.list.v2+json, "
                                   "application/vnd.docker.distribution.manifest.v2+json");
    co_return co_await answerTo(m_network->head(request), stop);
}

} // namespace cooperage::credentials
