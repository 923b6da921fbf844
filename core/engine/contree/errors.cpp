#include "core/engine/contree/errors.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace cooperage::engine::contree {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Engine)
};

static ErrorKind kindOfStatus(int status)
{
    switch (status) {
    case 400:
    case 422:
        return ErrorKind::BadInput;
    case 401:
    case 403:
        return ErrorKind::Denied;
    case 404:
        return ErrorKind::NotFound;
    case 429:
    case 502:
    case 503:
    case 504:
        return ErrorKind::Unreachable;
    case 501:
        return ErrorKind::Unsupported;
    case 507:
        return ErrorKind::Full;
    default:
        return ErrorKind::Failed;
    }
}

static QString nextStep(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Denied:
        return Texts::tr("Check the token and the project of this connection.");
    case ErrorKind::Unreachable:
        return Texts::tr("Try again in a moment.");
    case ErrorKind::Full:
        return Texts::tr("Free some space where the engine keeps its images and try again.");
    default:
        return {};
    }
}

// "error" may be any JSON value; normally it is a string (contract 1.5).
static QString saidByServer(const QByteArray &body)
{
    const QJsonValue error = QJsonDocument::fromJson(body).object().value(QLatin1StringView("error"));
    if (error.isString())
        return error.toString();
    if (error.isObject())
        return QString::fromUtf8(QJsonDocument(error.toObject()).toJson(QJsonDocument::Compact));
    if (error.isArray())
        return QString::fromUtf8(QJsonDocument(error.toArray()).toJson(QJsonDocument::Compact));
    return error.toVariant().toString();
}

Error errorOfStatus(const Endpoint &endpoint, int status, const QByteArray &body)
{
    const QString said = saidByServer(body);
    const ErrorKind kind = kindOfStatus(status);
    if (said.isEmpty())
        return {kind, Texts::tr("The engine answered with status %1").arg(status), endpoint.displayName(),
                nextStep(kind)};
    // An engine that ran out of space says itself which disk to free.
    return {kind, said, endpoint.displayName(), kind == ErrorKind::Full ? QString() : nextStep(kind)};
}

Error errorOfNetwork(const Endpoint &endpoint, QNetworkReply::NetworkError code, const QString &text)
{
    Error error{ErrorKind::Unreachable,
                {},
                endpoint.address(),
                Texts::tr("Check the address and the network, then try again.")};
    switch (code) {
    case QNetworkReply::OperationCanceledError:
    case QNetworkReply::TimeoutError:
        error.what = Texts::tr("The engine did not answer in time");
        break;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
        error.what = Texts::tr("The engine closed the connection in the middle of a request");
        break;
    case QNetworkReply::SslHandshakeFailedError:
        error.what = Texts::tr("No secure connection is possible: %1").arg(text);
        error.next = Texts::tr("Check the address, the computer's clock and its certificates.");
        break;
    default:
        error.what = Texts::tr("The engine cannot be reached: %1").arg(text);
    }
    if (endpoint.isLocal())
        error.next = Texts::tr("Start it with `cooperage engine start`, and see its log if that fails.");
    return error;
}

Error cancelledError()
{
    return {ErrorKind::Cancelled, Texts::tr("Cancelled")};
}

Error unexpectedAnswer(const Endpoint &endpoint, const QString &detail)
{
    return {ErrorKind::Failed,
            Texts::tr("The engine gave an answer that this program does not understand: %1").arg(detail),
            endpoint.address(), Texts::tr("Is this the address of a ConTree engine?")};
}

} // namespace cooperage::engine::contree
