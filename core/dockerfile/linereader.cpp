#include "core/dockerfile/linereader.h"

#include <utility>

namespace cooperage::dockerfile {

LineReader::LineReader(const SourceText &source, QChar escape, qsizetype firstLine)
    : m_source(source), m_escape(escape), m_next(firstLine)
{
}

std::optional<InstructionLines> LineReader::next()
{
    for (; m_next < m_source.lines().size(); ++m_next) {
        const qsizetype begin = m_source.contentBegin(m_next);
        const qsizetype end = m_source.lines()[m_next].end;
        if (begin == end)
            continue;
        if (m_source.text()[begin] != u'#')
            return join();
        takeComment(begin + 1, end);
    }
    return std::nullopt;
}

void LineReader::takeComment(qsizetype begin, qsizetype end)
{
    const QStringView comment = QStringView(m_source.text()).sliced(begin, end - begin).trimmed();
    if (comment.isEmpty())
        m_comments.clear();
    else
        m_comments.append(comment.toString());
}

qsizetype LineReader::continuation(qsizetype begin, qsizetype end) const
{
    const QString &text = m_source.text();
    while (end > begin && (text[end - 1] == u' ' || text[end - 1] == u'\t'))
        --end;
    const bool escaped = end > begin && text[end - 1] == m_escape;
    return escaped && (end - 1 == begin || text[end - 2] != m_escape) ? end - 1 : -1;
}

InstructionLines LineReader::join()
{
    InstructionLines result{LogicalLine(m_source), {}, false, std::exchange(m_comments, {})};
    const qsizetype first = m_next;
    qsizetype begin = m_source.contentBegin(first);
    bool continued = true;
    do {
        const qsizetype end = m_source.lines()[m_next].end;
        const qsizetype content = m_source.contentBegin(m_next);
        if (m_next > first && content == end) {
            result.hasEmptyContinuation = true;
        } else if (m_next == first || m_source.text()[content] != u'#') {
            const qsizetype escape = continuation(begin, end);
            continued = escape >= 0;
            result.line.append(begin, continued ? escape : end);
        }
        if (++m_next < m_source.lines().size())
            begin = m_source.lines()[m_next].begin;
    } while (continued && m_next < m_source.lines().size());

    result.range = {m_source.contentBegin(first), m_source.lines()[m_next - 1].end, int(first + 1),
                    int(m_next)};
    return result;
}

BodyLines LineReader::readBody(const QString &terminator, bool stripTabs)
{
    const qsizetype size = m_source.text().size();
    const qsizetype begin = m_next < m_source.lines().size() ? m_source.lines()[m_next].begin : size;
    for (; m_next < m_source.lines().size(); ++m_next) {
        QStringView line = m_source.line(m_next);
        while (stripTabs && line.startsWith(u'\t'))
            line = line.sliced(1);
        if (line == terminator) {
            const PhysicalLine &last = m_source.lines()[m_next++];
            return {m_source.range(begin, last.begin), last.end, true};
        }
    }
    return {m_source.range(begin, size), size, false};
}

} // namespace cooperage::dockerfile
