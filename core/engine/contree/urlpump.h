#pragma once

#include "core/engine/contree/endpoint.h"
#include "core/engine/values.h"

#include <QUrl>

#include <atomic>
#include <optional>
#include <stop_token>

namespace cooperage::engine::contree {

/// How far a transfer has come; read by other threads.
struct PumpProgress
{
    std::atomic<qint64> done = 0;
    std::atomic<qint64> total = -1;
};

/// Brings a URL's body into the engine's file store, with two connections and a small queue between them:
/// memory stays the same whatever the size, and Qt's network classes would hold a body of unknown length
/// whole. Blocks. With `known` validators the server is asked first whether it still has the same thing.
[[nodiscard]] Result<UrlOutcome> pumpUrl(const Endpoint &endpoint, const QUrl &url,
                                         const UrlValidators &known, PumpProgress &progress,
                                         const std::stop_token &stop);

} // namespace cooperage::engine::contree
