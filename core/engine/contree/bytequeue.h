#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace cooperage::engine::contree {

/// Bytes on their way from one thread to another. It holds a few mebibytes at most: a fast writer waits for a
/// slow reader.
class ByteQueue
{
public:
    /// Waits for room. False: the reader has gone, stop writing.
    [[nodiscard]] bool push(QByteArrayView bytes);
    /// All bytes have been pushed.
    void end();
    /// Whoever calls it has failed or gives up: both sides stop waiting, what is inside is lost.
    void abort();

    /// Waits for bytes. Nothing: the end, or the writer has failed; `isComplete` tells which.
    [[nodiscard]] std::optional<QByteArray> pop();
    [[nodiscard]] bool isComplete();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<QByteArray> m_pieces;
    qsizetype m_size = 0;
    bool m_ended = false;
    bool m_aborted = false;
};

} // namespace cooperage::engine::contree
