#include "core/dockerfile/sourcetext.h"

#include <algorithm>

namespace cooperage::dockerfile {

SourceText::SourceText(const QString &text) : m_text(text)
{
    qsizetype begin = text.startsWith(QChar::ByteOrderMark) ? 1 : 0;
    while (begin < text.size()) {
        const qsizetype feed = text.indexOf(u'\n', begin);
        PhysicalLine line{begin, feed < 0 ? text.size() : feed, feed < 0 ? text.size() : feed + 1};
        while (line.end > line.begin && text[line.end - 1] == u'\r')
            --line.end;
        m_lines.append(line);
        begin = line.next;
    }
}

QStringView SourceText::line(qsizetype index) const
{
    const PhysicalLine &line = m_lines[index];
    return QStringView(m_text).sliced(line.begin, line.end - line.begin);
}

qsizetype SourceText::contentBegin(qsizetype index) const
{
    const PhysicalLine &line = m_lines[index];
    qsizetype begin = line.begin;
    while (begin < line.end && m_text[begin].isSpace())
        ++begin;
    return begin;
}

int SourceText::lineNumber(qsizetype position) const
{
    const auto after = std::ranges::upper_bound(m_lines, position, {}, &PhysicalLine::begin);
    // Behind the last line end another line begins, which has no characters.
    const bool behind = position == m_text.size() && m_text.endsWith(u'\n');
    return int(std::max<qsizetype>(1, after - m_lines.begin() + (behind ? 1 : 0)));
}

SourceRange SourceText::range(qsizetype begin, qsizetype end) const
{
    return {begin, end, lineNumber(begin), lineNumber(std::max(begin, end - 1))};
}

void LogicalLine::append(qsizetype sourceBegin, qsizetype sourceEnd)
{
    m_pieces.append({m_text.size(), sourceBegin});
    m_text += QStringView(m_source->text()).sliced(sourceBegin, sourceEnd - sourceBegin);
}

qsizetype sourcePosition(const QList<LinePiece> &pieces, qsizetype at)
{
    const auto after = std::ranges::upper_bound(pieces, at, {}, &LinePiece::at);
    if (after == pieces.begin())
        return 0;
    const LinePiece &piece = *std::prev(after);
    return piece.source + (at - piece.at);
}

SourceRange LogicalLine::range(qsizetype begin, qsizetype end) const
{
    const qsizetype first = sourcePosition(m_pieces, begin);
    return m_source->range(first, end > begin ? sourcePosition(m_pieces, end - 1) + 1 : first);
}

} // namespace cooperage::dockerfile
