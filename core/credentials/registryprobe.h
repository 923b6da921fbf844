#pragma once

#include "core/images/authchallenge.h"

#include <qcorotask.h>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QUrl>

#include <memory>
#include <stop_token>
#include <vector>

namespace cooperage::credentials {

/// What a server answered to one request.
struct ProbeAnswer
{
    int status = 0; ///< 0: no answer; `problem` then says why.
    QNetworkReply::NetworkError problem = QNetworkReply::NoError;
    QString problemText{};
    QStringList certificateProblems{};
    QByteArray body{}; ///< Its beginning.
    QByteArray retryAfter{};
    bool saysRegistry = false; ///< It calls itself a registry (Docker-Distribution-Api-Version).
    std::vector<images::AuthChallenge> challenges{};

    /// What the body says in words: the message of a registry's error, "details", or plain text.
    [[nodiscard]] QString said() const;
};

/// Requests to a registry and its sign-in service: no redirects, no cookies, nothing remembered.
class RegistryProbe
{
public:
    explicit RegistryProbe(bool loopback);

    [[nodiscard]] QCoro::Task<ProbeAnswer> get(QUrl url, QByteArray authorization, std::stop_token stop);
    /// Whether there is a manifest, and for whom.
    [[nodiscard]] QCoro::Task<ProbeAnswer> headManifest(QUrl url, QByteArray authorization,
                                                        std::stop_token stop);

private:
    struct Later
    {
        void operator()(QNetworkAccessManager *network) const { network->deleteLater(); }
    };
    /// Goes later: its owner may end in the middle of a reply's signal, and the reply is the manager's child.
    std::unique_ptr<QNetworkAccessManager, Later> m_network;
};

} // namespace cooperage::credentials
