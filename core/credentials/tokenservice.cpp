#include "core/credentials/tokenservice.h"

#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

static bool isPrivate(const QHostAddress &address)
{
    return address.isLoopback() || address.isLinkLocal() || address.isPrivateUse();
}

static QString parameter(const images::AuthChallenge &challenge, const std::string &name)
{
    const auto found = challenge.parameters.find(name);
    return found == challenge.parameters.end() ? QString() : QString::fromStdString(found->second);
}

QUrl tokenService(const images::Reference &registry, const images::AuthChallenge &challenge)
{
    QUrl url(parameter(challenge, "realm"), QUrl::StrictMode);
    const QHostAddress address(url.host());
    const bool loopback = address.isLoopback() || url.host() == "localhost"_L1;
    const bool ownMachine = loopback && registry.isLoopback();
    const bool strange =
        (isPrivate(address) || loopback) && !ownMachine && url.host() != registry.host.section(u':', 0, 0);
    if (url.host().isEmpty() || (url.scheme() != "https"_L1 && !ownMachine) || strange)
        return {};
    QUrlQuery query(url);
    query.addQueryItem(u"service"_s, parameter(challenge, "service"));
    url.setQuery(query);
    return url;
}

QByteArray tokenIn(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    const QString token = object["token"_L1].toString(object["access_token"_L1].toString());
    const bool clean = std::ranges::all_of(token, [](QChar c) { return c > u' ' && c < QChar(127); });
    return clean ? token.toLatin1() : QByteArray();
}

} // namespace cooperage::credentials
