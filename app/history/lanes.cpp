#include "app/history/lanes.h"

#include <QHash>
#include <QSet>
#include <queue>

#include <algorithm>
#include <functional>
#include <vector>

namespace cooperage::gui {

namespace {

/// Which lanes are taken. Lanes are numbered without a limit; as bits the last drawn one stands for all
/// others.
class Lanes
{
public:
    [[nodiscard]] static quint32 bit(int lane) { return 1U << std::min(lane, laneCount - 1); }
    [[nodiscard]] quint32 taken() const { return m_taken; }

    int take()
    {
        int lane = m_count;
        if (m_free.empty()) {
            ++m_count;
        } else {
            lane = m_free.top();
            m_free.pop();
        }
        m_hidden += lane >= laneCount - 1 ? 1 : 0;
        m_taken |= bit(lane);
        return lane;
    }

    void release(int lane)
    {
        m_free.push(lane);
        m_hidden -= lane >= laneCount - 1 ? 1 : 0;
        if (lane < laneCount - 1 || m_hidden == 0)
            m_taken &= ~bit(lane);
    }

private:
    std::priority_queue<int, std::vector<int>, std::greater<>> m_free;
    int m_count = 0;
    int m_hidden = 0; ///< Taken lanes that share the last bit.
    quint32 m_taken = 0;
};

} // namespace

QList<GraphRow> layoutLanes(const QList<GraphNode> &nodes)
{
    QSet<qint64> known;
    known.reserve(nodes.size());
    for (const GraphNode &node : nodes)
        known.insert(node.id);
    QHash<qint64, std::vector<int>> waiting; // Lanes on their way down to that entry.
    waiting.reserve(nodes.size());
    Lanes lanes;
    QList<GraphRow> rows;
    rows.reserve(nodes.size());
    for (const GraphNode &node : nodes) {
        const std::vector<int> arriving = waiting.take(node.id);
        GraphRow row;
        const int lane = arriving.empty() ? lanes.take() : *std::ranges::min_element(arriving);
        for (const int other : arriving) {
            row.arriving |= Lanes::bit(other);
            if (other != lane)
                lanes.release(other);
        }
        row.lane = std::min(lane, laneCount - 1);
        row.goesDown = node.parent != 0 && node.parent != node.id && known.contains(node.parent);
        row.through = lanes.taken() & ~Lanes::bit(lane);
        if (row.goesDown)
            waiting[node.parent].push_back(lane);
        else
            lanes.release(lane);
        rows.append(row);
    }
    return rows;
}

} // namespace cooperage::gui
