#pragma once

#include "core/engine/contree/transport.h"

class QIODevice;

namespace cooperage::engine::contree {

/// What came with a body that was fetched.
struct PulledBody
{
    qint64 size = 0;
    QString warning{}; ///< The words of the Warning header; may be empty.
};

/// Fetches a body of any length into `target`, on a thread of its own with a connection of its own: Qt's
/// network classes take an answer that breaks off for a whole one if its length was not announced. After a
/// failure what was written is worth nothing.
[[nodiscard]] Task<PulledBody> pullBody(TransportPtr transport, QByteArray path, Query query,
                                        QIODevice *target, std::function<void(qint64 done)> progress,
                                        std::stop_token stop);

} // namespace cooperage::engine::contree
