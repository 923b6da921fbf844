#include "core/checks/linecache.h"

#include "core/dockerfile/directives.h"

#include <algorithm>

namespace cooperage::checks {

static qsizetype commonPrefix(QStringView a, QStringView b)
{
    return std::ranges::mismatch(a, b).in1 - a.begin();
}

static qsizetype commonSuffix(QStringView a, QStringView b)
{
    const qsizetype most = std::min(a.size(), b.size());
    qsizetype length = 0;
    while (length < most && a[a.size() - 1 - length] == b[b.size() - 1 - length])
        ++length;
    return length;
}

/// Reads instructions from `firstLine` on and appends them, until one begins where one of `old` (from `next`
/// on) did that has not changed since: that one and all behind it are taken over.
void LineCache::readUntilKnown(const dockerfile::SourceText &source, qsizetype firstLine,
                               qsizetype unchangedFrom, QList<PlacedLine> old, qsizetype next)
{
    const qsizetype moved = source.text().size() - m_text.size();
    const auto beginOf = [&source](qsizetype line) {
        return line < source.lines().size() ? source.lines()[line].begin : source.text().size();
    };
    dockerfile::LineReader reader(source, m_directives.escape, firstLine);
    while (true) {
        const qsizetype line = reader.linesRead();
        const qsizetype begin = beginOf(line);
        while (next < old.size() && old[next].begin + moved < begin)
            ++next;
        if (next < old.size() && old[next].begin + moved == begin && begin >= unchangedFrom) {
            const int lines = int(line) - old[next].firstLine;
            for (; next < old.size(); ++next) {
                PlacedLine &known = old[next];
                known.begin += moved;
                known.end += moved;
                known.shift += moved;
                known.firstLine += lines;
                m_lines.append(std::move(known));
            }
            return;
        }
        auto read = dockerfile::readInstruction(reader, m_directives.escape);
        if (!read)
            return;
        const qsizetype after = reader.linesRead();
        m_lines.append({checkLine(*std::move(read), m_directives, source.text()), begin, beginOf(after),
                        int(line), int(after - line), 0});
    }
}

const QList<PlacedLine> &LineCache::update(const dockerfile::SourceText &source)
{
    const QString &text = source.text();
    const dockerfile::DirectiveScan scan = dockerfile::scanDirectives(source);
    const bool sameReading = scan.directives.escape == m_directives.escape &&
                             scan.lineCount == m_directiveLines && !m_text.isEmpty();
    m_directives = scan.directives;
    m_directiveErrors = scan.diagnostics;
    m_directiveLines = scan.lineCount;

    QList<PlacedLine> old = std::exchange(m_lines, {});
    if (!sameReading)
        old.clear();
    m_lines.reserve(old.size() + 1);
    const qsizetype prefix = sameReading ? commonPrefix(m_text, text) : 0;
    const qsizetype suffix =
        sameReading ? commonSuffix(QStringView(m_text).sliced(prefix), QStringView(text).sliced(prefix)) : 0;
    qsizetype firstLine = scan.lineCount;
    qsizetype next = 0;
    // An instruction that ends strictly before the change, at a line end, cannot have been touched by it.
    for (; next < old.size(); ++next) {
        PlacedLine &known = old[next];
        if (known.end > prefix || known.end == 0 || text[known.end - 1] != u'\n' ||
            known.end == m_text.size())
            break;
        firstLine = known.firstLine + known.lineCount;
        m_lines.append(std::move(known));
    }
    // A boundary counts as unchanged only if the line end before it is unchanged, too.
    readUntilKnown(source, firstLine, text.size() - suffix + 1, std::move(old), next);
    m_text = text;
    return m_lines;
}

} // namespace cooperage::checks
