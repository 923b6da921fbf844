#pragma once

#include "core/base/error.h"
#include "core/engine/contree/endpoint.h"

#include <QByteArray>
#include <QNetworkReply>

namespace cooperage::engine::contree {

/// What an answer of status 400 or more says, in words: the "error" of its JSON body, or the status.
[[nodiscard]] Error errorOfStatus(const Endpoint &endpoint, int status, const QByteArray &body);

/// Why there was no answer.
[[nodiscard]] Error errorOfNetwork(const Endpoint &endpoint, QNetworkReply::NetworkError code,
                                   const QString &text);

[[nodiscard]] Error cancelledError();

/// The engine said something that is not ConTree v1.
[[nodiscard]] Error unexpectedAnswer(const Endpoint &endpoint, const QString &detail);

} // namespace cooperage::engine::contree
