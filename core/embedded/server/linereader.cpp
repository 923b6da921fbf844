#include "core/embedded/server/linereader.h"

#include <algorithm>
#include <cerrno>

namespace cooperage::embedded {

static constexpr size_t blockSize = 64 * 1024;

bool LineReader::fill()
{
    m_at = 0;
    m_block.resize(blockSize);
    ssize_t got = 0;
    do {
        got = ::read(m_file.get(), m_block.data(), m_block.size());
    } while (got < 0 && errno == EINTR);
    m_block.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (m_block.find('\0') != std::string::npos)
        m_block.clear();
    return !m_block.empty();
}

// A character is not cut in half.
static void cutTo(QByteArray &text, qsizetype length)
{
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
        --length;
    text.truncate(length);
}

bool LineReader::next(Line &line)
{
    line = {.number = m_number + 1, .offset = m_offset};
    bool ended = false;
    while (!ended) {
        if (m_at == m_block.size() && !fill())
            break;
        const size_t found = m_block.find('\n', m_at);
        ended = found != std::string::npos;
        const size_t end = ended ? found : m_block.size();
        const auto room = static_cast<size_t>(longest + 1 - line.text.size());
        line.text.append(m_block.data() + m_at, static_cast<qsizetype>(std::min(end - m_at, room)));
        line.bytes += static_cast<qint64>(end - m_at) + (ended ? 1 : 0);
        m_at = end + (ended ? 1 : 0);
    }
    if (line.text.size() > longest)
        cutTo(line.text, longest);
    m_number = line.number;
    m_offset += line.bytes;
    return line.bytes > 0;
}

} // namespace cooperage::embedded
