#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

#include <QJsonObject>

#include <functional>

namespace cooperage::engine::contree {

/// Who hears of a running operation; either may be empty.
struct OperationHandlers
{
    OutputHandler output{}; ///< What the main process writes, every byte once.
    std::function<void(qint64 done, qint64 total)> progress{};
};

/// Waits until the operation has ended and returns its record as the engine gives it. Follows the event
/// stream, which is taken up again where it broke; where the engine has none, asks every moment. Triggering
/// `stop` ends the waiting and not the operation.
[[nodiscard]] Task<QJsonObject> followOperation(TransportPtr transport, QString uuid,
                                                OperationHandlers handlers, std::stop_token stop);

} // namespace cooperage::engine::contree
