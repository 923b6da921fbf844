#include "core/base/linediff.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace cooperage {

namespace {

// Its square is what the search may take of time and memory: 16 MB.
constexpr int mostDifferences = 2000;

/// Lines as numbers: the same text, the same number.
class Numbering
{
public:
    std::vector<int> of(const QStringList &lines)
    {
        std::vector<int> result;
        result.reserve(static_cast<size_t>(lines.size()));
        for (const QString &line : lines) {
            const auto known = m_numbers.constFind(line);
            result.push_back(known != m_numbers.cend() ? *known
                                                       : *m_numbers.insert(line, int(m_numbers.size())));
        }
        return result;
    }

private:
    QHash<QString, int> m_numbers;
};

/// The furthest points that can be reached with 0, 1, 2... differences, per diagonal.
class Search
{
public:
    Search(std::vector<int> before, std::vector<int> after)
        : m_before(std::move(before)), m_after(std::move(after))
    {
    }

    /// Kinds of the lines from the beginning to the end; nothing if there are too many differences.
    std::vector<DiffLine::Kind> run()
    {
        const int limit = std::min<int>(mostDifferences, int(m_before.size() + m_after.size()));
        for (int differences = 0; differences <= limit; ++differences) {
            if (step(differences))
                return wayBack(differences);
        }
        return {};
    }

private:
    // `m_reached[d]` holds the diagonals -d to d; only those of d's parity are used.
    bool step(int differences)
    {
        std::vector<int> reached(static_cast<size_t>(2 * differences + 1), 0);
        for (int diagonal = -differences; diagonal <= differences; diagonal += 2) {
            int x = 0;
            if (differences > 0) {
                const std::vector<int> &last = m_reached.back();
                const bool down = isDownFrom(diagonal, differences, last);
                const int from = down ? diagonal + 1 : diagonal - 1;
                x = last[static_cast<size_t>(from + differences - 1)] + (down ? 0 : 1);
            }
            x = slide(x, diagonal);
            reached[static_cast<size_t>(diagonal + differences)] = x;
            if (x >= int(m_before.size()) && x - diagonal >= int(m_after.size())) {
                m_reached.push_back(std::move(reached));
                return true;
            }
        }
        m_reached.push_back(std::move(reached));
        return false;
    }

    // A row of one less has the diagonals of one less on both sides.
    [[nodiscard]] static bool isDownFrom(int diagonal, int differences, const std::vector<int> &last)
    {
        if (diagonal == -differences)
            return true;
        if (diagonal == differences)
            return false;
        return last[static_cast<size_t>(diagonal - 1 + differences - 1)] <
               last[static_cast<size_t>(diagonal + 1 + differences - 1)];
    }

    [[nodiscard]] int slide(int x, int diagonal) const
    {
        while (x < int(m_before.size()) && x - diagonal < int(m_after.size()) &&
               m_before[static_cast<size_t>(x)] == m_after[static_cast<size_t>(x - diagonal)])
            ++x;
        return x;
    }

    [[nodiscard]] std::vector<DiffLine::Kind> wayBack(int differences) const
    {
        std::vector<DiffLine::Kind> kinds;
        int x = int(m_before.size());
        int y = int(m_after.size());
        for (int left = differences; left > 0; --left) {
            const std::vector<int> &last = m_reached[static_cast<size_t>(left - 1)];
            const bool down = isDownFrom(x - y, left, last);
            const int from = down ? x - y + 1 : x - y - 1;
            const int beforeX = last[static_cast<size_t>(from + left - 1)];
            const int beforeY = beforeX - from;
            const int same = std::min(x - beforeX, y - beforeY);
            kinds.insert(kinds.end(), static_cast<size_t>(same), DiffLine::Kind::Same);
            kinds.push_back(down ? DiffLine::Kind::Added : DiffLine::Kind::Removed);
            x = beforeX;
            y = beforeY;
        }
        kinds.insert(kinds.end(), static_cast<size_t>(x), DiffLine::Kind::Same);
        std::ranges::reverse(kinds);
        return kinds;
    }

    std::vector<int> m_before;
    std::vector<int> m_after;
    std::vector<std::vector<int>> m_reached{};
};

/// Writes the result line by line.
class Writer
{
public:
    Writer(const QStringList &before, const QStringList &after) : m_before(before), m_after(after) {}

    void add(DiffLine::Kind kind)
    {
        DiffLine line{.kind = kind};
        if (kind != DiffLine::Kind::Added)
            line.before = ++m_x;
        if (kind != DiffLine::Kind::Removed)
            line.after = ++m_y;
        line.text = kind == DiffLine::Kind::Removed ? m_before[m_x - 1] : m_after[m_y - 1];
        result.added += kind == DiffLine::Kind::Added ? 1 : 0;
        result.removed += kind == DiffLine::Kind::Removed ? 1 : 0;
        result.lines.append(line);
    }
    void add(DiffLine::Kind kind, qsizetype count)
    {
        for (qsizetype i = 0; i < count; ++i)
            add(kind);
    }

    LineDiff result;

private:
    const QStringList &m_before;
    const QStringList &m_after;
    int m_x = 0;
    int m_y = 0;
};

} // namespace

LineDiff diffLines(const QStringList &before, const QStringList &after)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    const QStringList left = before.sliced(head, before.size() - head - tail);
    const QStringList right = after.sliced(head, after.size() - head - tail);
    Numbering numbers;
    Search search(numbers.of(left), numbers.of(right));
    const std::vector<DiffLine::Kind> kinds = search.run();

    Writer writer(before, after);
    writer.add(DiffLine::Kind::Same, head);
    for (const DiffLine::Kind kind : kinds)
        writer.add(kind);
    if (kinds.empty()) {
        writer.add(DiffLine::Kind::Removed, left.size());
        writer.add(DiffLine::Kind::Added, right.size());
        writer.result.isShortest = left.isEmpty() || right.isEmpty();
    }
    writer.add(DiffLine::Kind::Same, tail);
    return writer.result;
}

QList<DiffHunk> hunksOf(const LineDiff &diff, int context)
{
    QList<DiffHunk> hunks;
    for (qsizetype i = 0; i < diff.lines.size(); ++i) {
        if (diff.lines[i].kind == DiffLine::Kind::Same)
            continue;
        const qsizetype first = std::max<qsizetype>(0, i - context);
        const qsizetype end = std::min(diff.lines.size(), i + context + 1);
        if (!hunks.isEmpty() && first <= hunks.last().first + hunks.last().count)
            hunks.last().count = end - hunks.last().first;
        else
            hunks.append({first, end - first});
    }
    return hunks;
}

} // namespace cooperage
