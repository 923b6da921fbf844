#include "core/dockerfile/shelllexer.h"

#include <utility>

namespace cooperage::dockerfile {

void WordCollector::addPlain(QStringView text, qsizetype begin)
{
    for (qsizetype i = 0; i < text.size(); ++i)
        add(text[i], begin + i, begin + i + 1);
}

void WordCollector::addValue(QStringView text, qsizetype begin, qsizetype end)
{
    for (const QChar c : text)
        add(c, begin, end);
}

void WordCollector::addProtected(QStringView text, qsizetype begin, qsizetype end)
{
    if (m_word.text.isEmpty())
        m_word.begin = begin;
    m_word.text += text;
    m_word.end = end;
}

void WordCollector::add(QChar c, qsizetype begin, qsizetype end)
{
    if (c.isSpace())
        endWord();
    else
        addProtected(QStringView(&c, 1), begin, end);
}

void WordCollector::endWord()
{
    if (!m_word.text.isEmpty())
        m_words.append(std::exchange(m_word, {}));
}

QList<LexedWord> WordCollector::take()
{
    endWord();
    return std::exchange(m_words, {});
}

} // namespace cooperage::dockerfile
