#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace cooperage {

/// One line of a comparison. Numbers count from 1; 0 where the side has no such line.
struct DiffLine
{
    enum class Kind { Same, Added, Removed };
    Kind kind = Kind::Same;
    int before = 0;
    int after = 0;
    QString text{};

    bool operator==(const DiffLine &) const = default;
};

struct LineDiff
{
    QList<DiffLine> lines{}; ///< All lines of both sides, in order; removed ones before added ones.
    int added = 0;
    int removed = 0;
    bool isShortest = true; ///< Otherwise the texts differ too much, and what differs stands there whole.
};

/// How one text becomes another, by lines (E. W. Myers, "An O(ND) Difference Algorithm", 1986). Pure
/// calculation: time and memory grow with the number of differences, which is bounded.
[[nodiscard]] LineDiff diffLines(const QStringList &before, const QStringList &after);

/// A run of neighbouring changes with `context` unchanged lines around it: first line and number of lines in
/// `LineDiff::lines`. Runs that touch are one.
struct DiffHunk
{
    qsizetype first = 0;
    qsizetype count = 0;

    bool operator==(const DiffHunk &) const = default;
};
[[nodiscard]] QList<DiffHunk> hunksOf(const LineDiff &diff, int context = 3);

} // namespace cooperage
