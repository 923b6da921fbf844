#pragma once

#include "core/engine/contree/eventstream.h"
#include "core/engine/contree/follow.h"

namespace cooperage::engine::contree {

/// Turns the bytes of an operation's event stream into calls of its handlers, and remembers where to go on.
class EventFeed
{
public:
    explicit EventFeed(OperationHandlers handlers) : m_handlers(std::move(handlers)) {}

    /// A new connection: what the last one left unfinished is dropped.
    void reconnect();
    /// An error means that the stream is broken; reconnecting may help.
    [[nodiscard]] Result<> take(const QByteArray &bytes);
    /// Delivers what `result` (an InstanceResult) holds beyond what events have brought.
    void deliverRest(const QJsonObject &result);

    [[nodiscard]] const QByteArray &lastId() const { return m_lastId; }
    [[nodiscard]] bool isComplete() const { return m_complete; }
    /// Whether events have come since the last `reconnect`.
    [[nodiscard]] bool hasMoved() const { return m_moved; }

private:
    [[nodiscard]] Result<> handle(const StreamEvent &event);
    void deliver(Stream stream, const QByteArray &bytes);

    OperationHandlers m_handlers;
    EventStreamParser m_parser;
    QByteArray m_lastId;
    qsizetype m_delivered[2] = {0, 0}; ///< Bytes given out, by Stream.
    bool m_complete = false;
    bool m_moved = false;
};

} // namespace cooperage::engine::contree
