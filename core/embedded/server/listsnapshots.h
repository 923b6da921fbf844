#pragma once

#include "core/base/error.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>

namespace cooperage::embedded {

/// Pages that fit together. Clients ask for the pages of a list by offsets, some at once and in any order;
/// were each answered from the newest state, a row that is added meanwhile would make others appear twice or
/// not at all. So the rows are kept for a while as they were when the first page was asked for:
///
/// - offset 0 begins a list anew, so that a client sees what it did before; only pages that came in the last
///   tenth of a second without one are taken for the same list's. Those that had to wait while another one's
///   rows were read after they had come share these;
/// - any other offset belongs to the newest list that has not handed it out yet.
///
/// `query` tells lists apart; it has to hold everything but the offset. Thread-safe.
template <typename Row>
class ListSnapshots
{
public:
    /// The first `limit` rows in their order; all for -1.
    using Loader = std::function<Result<QList<Row>>(int limit)>;

    [[nodiscard]] Result<QList<Row>> page(const QString &query, int offset, int limit, const Loader &load)
    {
        const auto came = std::chrono::steady_clock::now();
        const std::scoped_lock lock(m_mutex);
        const auto now = std::chrono::steady_clock::now();
        forget(now);
        auto found = std::ranges::find_if(m_snapshots, [&](const Snapshot &snapshot) {
            if (snapshot.query != query)
                return false;
            if (offset > 0)
                return snapshot.timesServed(offset) < std::max(1, snapshot.timesServed(0));
            return snapshot.begun >= came ||
                   (snapshot.timesServed(0) == 0 && now - snapshot.begun < togetherTime);
        });
        if (found == m_snapshots.end()) {
            Result<QList<Row>> rows = load(offset == 0 ? limit + 1 : -1);
            if (rows && offset == 0 && rows->size() > limit)
                rows = load(-1);
            if (!rows)
                return rows;
            m_rows += rows->size();
            m_snapshots.push_front({query, *std::move(rows), now, {}});
            found = m_snapshots.begin();
        }
        ++found->served[offset];
        return found->rows.sliced(std::min<qsizetype>(offset, found->rows.size()))
            .first(std::clamp<qsizetype>(found->rows.size() - offset, 0, limit));
    }

private:
    struct Snapshot
    {
        QString query;
        QList<Row> rows;
        std::chrono::steady_clock::time_point begun;
        std::map<int, int> served; ///< How often, by offset.

        [[nodiscard]] int timesServed(int offset) const
        {
            const auto times = served.find(offset);
            return times == served.end() ? 0 : times->second;
        }
    };

    // The newest are kept however long they are: their list is being read.
    void forget(std::chrono::steady_clock::time_point now)
    {
        while (!m_snapshots.empty() &&
               (now - m_snapshots.back().begun > keptTime || m_snapshots.size() >= mostSnapshots ||
                (m_snapshots.size() > 2 && m_rows > mostRows))) {
            m_rows -= m_snapshots.back().rows.size();
            m_snapshots.pop_back();
        }
    }

    static constexpr std::chrono::milliseconds togetherTime{100};
    static constexpr std::chrono::seconds keptTime{10};
    static constexpr size_t mostSnapshots = 64;
    static constexpr qsizetype mostRows = 16'000;

    std::mutex m_mutex;
    std::list<Snapshot> m_snapshots{}; ///< Newest first.
    qsizetype m_rows = 0;              ///< Of all.
};

} // namespace cooperage::embedded
