#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace cooperage::engine::contree {

/// One frame of a text/event-stream.
struct StreamEvent
{
    QByteArray id{};   ///< Of this frame; empty if it has none.
    QByteArray type{}; ///< "message" if the frame does not say.
    QByteArray data{}; ///< Several data lines are joined by a line feed.

    bool operator==(const StreamEvent &) const = default;
};

/// Cuts a byte stream, which may come in pieces of any size, into events (contract section 4). Line ends are
/// LF, CRLF or CR; comments are skipped; a frame that the stream's end cuts off is dropped.
class EventStreamParser
{
public:
    /// A frame longer than this is an error: no server sends one.
    static constexpr qsizetype longestFrame = 4 * 1024 * 1024;

    [[nodiscard]] Result<QList<StreamEvent>> feed(QByteArrayView bytes);

private:
    void takeLine(QByteArrayView line, QList<StreamEvent> &events);

    QByteArray m_rest; ///< The line that has not ended yet.
    StreamEvent m_event;
    qsizetype m_frame = 0; ///< Bytes of the current frame's finished lines.
    bool m_hasData = false;
    bool m_skipLineFeed = false; ///< The last byte was CR: a LF now belongs to it.
    bool m_atStart = true;
};

} // namespace cooperage::engine::contree
