#pragma once

#include <QList>
#include <QMetaType>

namespace cooperage::gui {

/// An entry of a history, for drawing it: entries come newest first, each with one parent (0: none).
struct GraphNode
{
    qint64 id = 0;
    qint64 parent = 0;
};

/// Lanes that are drawn; everything further right shares the last one.
inline constexpr int laneCount = 24;

/// What one row of the graph shows, with the lanes as bits.
struct GraphRow
{
    int lane = 0;          ///< Of the entry's dot.
    quint32 through = 0;   ///< Lanes whose lines pass by.
    quint32 arriving = 0;  ///< Lanes whose lines come from above and end at the dot.
    bool goesDown = false; ///< A line leads from the dot to the parent below.

    bool operator==(const GraphRow &) const = default;
};

/// A row per node. A lane is an entry's way down to its parent; the leftmost one that is free is taken. Time
/// is linear in the number of nodes. A parent that is not among the nodes counts as none.
[[nodiscard]] QList<GraphRow> layoutLanes(const QList<GraphNode> &nodes);

} // namespace cooperage::gui

Q_DECLARE_METATYPE(cooperage::gui::GraphRow)
