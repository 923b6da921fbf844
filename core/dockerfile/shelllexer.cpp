#include "core/dockerfile/shelllexer.h"

#include <utility>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

ShellLexer::ShellLexer(QStringView text, const VariableLookup &lookup, const LexerRules &rules)
    : m_text(text), m_lookup(lookup), m_rules(rules)
{
}

std::expected<QString, QString> ShellLexer::run()
{
    return readUntil(std::nullopt, m_rules.rawEscapes, &m_words);
}

bool ShellLexer::isSpecial(QChar c) const
{
    return c == u'$' || c == m_rules.escape || (m_rules.quotes && (c == u'\'' || c == u'"')) ||
           (m_rules.heredocs && c == u'<');
}

ShellLexer::Lexed ShellLexer::readUntil(std::optional<QChar> stop, bool rawEscapes, WordCollector *words)
{
    const bool outer = std::exchange(m_rules.rawEscapes, rawEscapes);
    Lexed result = readPieces(stop, words);
    m_rules.rawEscapes = outer;
    return result;
}

ShellLexer::Lexed ShellLexer::readPieces(std::optional<QChar> stop, WordCollector *words)
{
    QString result;
    while (!atEnd()) {
        const qsizetype begin = m_at;
        const QChar first = m_text[m_at];
        if (first == stop) {
            ++m_at;
            return result;
        }
        if (!isSpecial(first)) {
            while (!atEnd() && m_text[m_at] != stop && !isSpecial(m_text[m_at]))
                ++m_at;
            const QStringView plain = m_text.sliced(begin, m_at - begin);
            result += plain;
            if (words)
                words->addPlain(plain, begin);
            continue;
        }
        const Lexed piece = readSpecial();
        if (!piece)
            return piece;
        result += *piece;
        if (words && first == u'$')
            words->addValue(*piece, begin, m_at);
        else if (words)
            words->addProtected(*piece, begin, m_at);
    }
    if (stop)
        return std::unexpected(u"unexpected end of statement while looking for matching "_s + *stop);
    return result;
}

ShellLexer::Lexed ShellLexer::readSpecial()
{
    const QChar first = m_text[m_at];
    if (first == u'$')
        return readDollar();
    if (first == m_rules.escape)
        return readEscape();
    if (first == u'<')
        return readHeredocSign();
    return first == u'\'' ? readSingleQuoted() : readDoubleQuoted();
}

/// The escape drops out and protects the next character; at the very end it protects nothing.
QString ShellLexer::readEscape()
{
    QString result;
    if (m_rules.rawEscapes)
        result += m_rules.escape;
    if (++m_at; !atEnd())
        result += m_text[m_at++];
    return result;
}

QString ShellLexer::readHeredocSign()
{
    const qsizetype begin = m_at++;
    if (isNext(u'<')) {
        ++m_at;
        while (!atEnd() && m_text[m_at].isSpace())
            ++m_at;
    }
    return m_text.sliced(begin, m_at - begin).toString();
}

ShellLexer::Lexed ShellLexer::readSingleQuoted()
{
    const qsizetype begin = m_at + 1;
    const qsizetype end = m_text.indexOf(u'\'', begin);
    if (end < 0) {
        m_at = m_text.size();
        return std::unexpected(u"unexpected end of statement while looking for matching single-quote"_s);
    }
    m_at = end + 1;
    const qsizetype quote = m_rules.rawQuotes ? 1 : 0;
    return m_text.sliced(begin - quote, end - begin + 2 * quote).toString();
}

ShellLexer::Lexed ShellLexer::readDoubleQuoted()
{
    QString result;
    const auto addQuote = [&] {
        ++m_at;
        if (m_rules.rawQuotes)
            result += u'"';
    };
    addQuote();
    while (!atEnd()) {
        const QChar c = m_text[m_at];
        if (c == u'"') {
            addQuote();
            return result;
        }
        if (c == u'$') {
            const Lexed value = readDollar();
            if (!value)
                return value;
            result += *value;
            continue;
        }
        ++m_at;
        if (c != m_rules.escape) {
            result += c;
            continue;
        }
        // The escape works on three characters only; before any other it stands for itself, so that where
        // escapes are kept it has to be escaped, too.
        if (m_rules.rawEscapes)
            result += c;
        if (isNext(u'"') || isNext(u'$') || isNext(c))
            result += m_text[m_at++];
        else if (!atEnd())
            result += c;
    }
    return std::unexpected(u"unexpected end of statement while looking for matching double-quote"_s);
}

/// The character at this place; nothing for a name (and the replacement character in messages) at the end.
char32_t ShellLexer::peekCharacter() const
{
    if (atEnd())
        return QChar::ReplacementCharacter;
    const QChar c = m_text[m_at];
    if (c.isHighSurrogate() && m_at + 1 < m_text.size() && m_text[m_at + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(c, m_text[m_at + 1]);
    return c.unicode();
}

QString ShellLexer::readCharacter()
{
    const char32_t c = peekCharacter();
    m_at = qMin(m_at + (QChar::requiresSurrogates(c) ? 2 : 1), m_text.size());
    return QString::fromUcs4(&c, 1);
}

/// A run of letters, digits and `_`, or of digits, or one special character; empty where there is none.
QString ShellLexer::readName()
{
    const auto isDigit = [](char32_t c) { return QChar::isDigit(c); };
    const auto isNamePart = [](char32_t c) { return QChar::isLetter(c) || QChar::isDigit(c) || c == u'_'; };
    const char32_t first = peekCharacter();
    if (first < 0x80 && QStringView(u"@*#?-$!").contains(QChar(char16_t(first))))
        return readCharacter();
    QString name;
    if (isDigit(first)) {
        while (isDigit(peekCharacter()))
            name += readCharacter();
    } else {
        while (isNamePart(peekCharacter()))
            name += readCharacter();
    }
    return name;
}

std::optional<QString> ShellLexer::lookUp(const QString &name)
{
    std::optional<QString> value = m_lookup ? m_lookup(name) : std::nullopt;
    (value ? m_matched : m_unmatched).insert(name);
    return value;
}

} // namespace cooperage::dockerfile
