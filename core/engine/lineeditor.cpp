#include "core/engine/lineeditor.h"

#include <algorithm>

namespace cooperage::engine {

static constexpr qsizetype longestLine = qsizetype{64} * 1024;
static constexpr qsizetype mostEarlier = 500;

QByteArray LineEditor::begin(const QByteArray &prompt)
{
    if (!prompt.isEmpty())
        m_prompt = prompt;
    m_line.clear();
    m_recalled = m_earlier.size();
    return draw();
}

QByteArray LineEditor::draw() const
{
    return "\r\x1b[K" + m_prompt + m_line;
}

LineEditor::Answer LineEditor::take(char key)
{
    if (m_state != State::Text)
        return takeSequence(key);
    switch (key) {
    case '\x1b':
        m_state = State::Escape;
        return {};
    case '\x03':
        return {.screen = "^C\r\n" + begin({})};
    case '\x04':
        return {.screen = m_line.isEmpty() ? "\r\n" : "", .ends = m_line.isEmpty()};
    case '\x15':
        m_line.clear();
        return {.screen = draw()};
    case '\b':
    case '\x7f':
        removeLast();
        return {.screen = draw()};
    case '\r':
    case '\n': {
        const QByteArray line = m_line;
        if (!line.trimmed().isEmpty() && (m_earlier.isEmpty() || m_earlier.last() != line))
            m_earlier.append(line);
        if (m_earlier.size() > mostEarlier)
            m_earlier.removeFirst();
        return {.screen = "\r\n", .line = line};
    }
    default:
        break;
    }
    if (static_cast<unsigned char>(key) < ' ' || m_line.size() >= longestLine)
        return {};
    m_line.append(key);
    return {.screen = QByteArray(1, key)};
}

// What the arrows send: ESC [ A, or ESC O A.
LineEditor::Answer LineEditor::takeSequence(char key)
{
    if (m_state == State::Escape) {
        m_state = key == '[' || key == 'O' ? State::Sequence : State::Text;
        return {};
    }
    if (key < '@' || key > '~')
        return {}; // A parameter.
    m_state = State::Text;
    return key == 'A' ? recall(-1) : key == 'B' ? recall(1) : Answer{};
}

LineEditor::Answer LineEditor::recall(qsizetype step)
{
    m_recalled = std::clamp<qsizetype>(m_recalled + step, 0, m_earlier.size());
    m_line = m_earlier.value(m_recalled);
    return {.screen = draw()};
}

// A whole character of UTF-8.
void LineEditor::removeLast()
{
    while (!m_line.isEmpty()) {
        const auto last = static_cast<unsigned char>(m_line.back());
        m_line.chop(1);
        if ((last & 0xc0U) != 0x80U)
            break;
    }
}

} // namespace cooperage::engine
