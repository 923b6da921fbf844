#pragma once

#include "core/engine/contree/retry.h"
#include "core/engine/engine.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QUrl>

#include <functional>
#include <utility>

namespace cooperage::engine::contree {

/// Query parameters in their order; values are encoded when the URL is made.
using Query = QList<std::pair<QByteArray, QString>>;

/// Where a ConTree v1 server answers and how a client is let in: a Unix socket, or a base URL with a token.
struct Endpoint
{
    QString socketPath{}; ///< When set, `baseUrl` is not used.
    QUrl baseUrl{};       ///< http or https; its path is kept as a prefix.
    QByteArray token{};   ///< Bearer token; never printed.
    QString project{};    ///< Sent as the Project header, if not empty.
    QString name{};       ///< For people; empty: derived from the address.
    RetryPolicy retry{};
    std::function<Task<>(std::stop_token)>
        start{}; ///< Called when nothing listens there, before one more try.

    [[nodiscard]] bool isLocal() const { return !socketPath.isEmpty(); }
    /// The address without secrets, for messages.
    [[nodiscard]] QString address() const;
    [[nodiscard]] QString displayName() const;
    /// The path as it goes on the wire: prefix, `path` (already encoded), query.
    [[nodiscard]] QByteArray target(const QByteArray &path, const Query &query = {}) const;
    [[nodiscard]] QUrl url(const QByteArray &path, const Query &query = {}) const;
    /// Whether the address can be used at all; BadInput says why not.
    [[nodiscard]] Result<> check() const;
};

/// One path segment, encoded.
[[nodiscard]] QByteArray segment(const QString &text);

/// Whether a host is this machine by its name or number.
[[nodiscard]] bool isLoopbackHost(const QString &host);

/// The program's name and version, as it calls itself in requests.
[[nodiscard]] QByteArray userAgent();

} // namespace cooperage::engine::contree
