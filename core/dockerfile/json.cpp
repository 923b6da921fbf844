// Arguments written as a JSON array (spec 1.7). Qt's own parser is of no use here: it takes escapes that JSON
// does not have, where the text is no array but a shell command, and it does not say where the elements
// stand.

#include "core/dockerfile/arguments.h"

#include <algorithm>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

/// Deeper than any file a person writes, and far from the end of the stack.
constexpr int maximalDepth = 500;

class ArrayReader
{
public:
    explicit ArrayReader(const Span &span) : m_span(span), m_text(span.text()) {}

    /// Whether the text is one array and nothing else.
    [[nodiscard]] bool read();
    /// The elements, as far as they are strings.
    [[nodiscard]] const QList<Word> &strings() const { return m_strings; }
    [[nodiscard]] bool hasOthers() const { return m_hasOthers; }

private:
    [[nodiscard]] bool readElement();
    [[nodiscard]] bool skipValue(int depth);
    [[nodiscard]] bool skipMembers(QChar close, bool named, int depth);
    [[nodiscard]] bool skipNumber();
    [[nodiscard]] qsizetype skipDigits();
    [[nodiscard]] bool readString(QString &text);
    [[nodiscard]] bool readEscape(QString &text);
    void skipSpace();
    [[nodiscard]] bool take(QChar c);
    [[nodiscard]] bool takeAny(QStringView characters);

    const Span &m_span;
    QStringView m_text;
    qsizetype m_at = 0;
    QList<Word> m_strings;
    bool m_hasOthers = false;
};

} // namespace

void ArrayReader::skipSpace()
{
    while (takeAny(u" \t\r\n")) {
    }
}

bool ArrayReader::take(QChar c)
{
    return takeAny(QStringView(&c, 1));
}

bool ArrayReader::takeAny(QStringView characters)
{
    if (m_at == m_text.size() || !characters.contains(m_text[m_at]))
        return false;
    ++m_at;
    return true;
}

bool ArrayReader::read()
{
    if (!take(u'['))
        return false;
    skipSpace();
    bool closed = take(u']');
    while (!closed) {
        skipSpace();
        if (!readElement())
            return false;
        skipSpace();
        closed = take(u']');
        if (!closed && !take(u','))
            return false;
    }
    skipSpace();
    return m_at == m_text.size();
}

/// UCS-4 has the replacement character for half a surrogate pair.
static QString withoutLoneSurrogates(const QString &text)
{
    const std::u32string characters = text.toStdU32String();
    return QString::fromUcs4(characters.data(), qsizetype(characters.size()));
}

bool ArrayReader::readElement()
{
    const qsizetype begin = m_at;
    QString text;
    if (m_at == m_text.size() || m_text[m_at] != u'"') {
        m_hasOthers = true;
        return skipValue(0);
    }
    if (!readString(text))
        return false;
    m_strings.append(
        {withoutLoneSurrogates(text), m_span.line.range(m_span.begin + begin, m_span.begin + m_at)});
    return true;
}

bool ArrayReader::skipValue(int depth)
{
    if (depth > maximalDepth || m_at == m_text.size())
        return false;
    if (take(u'['))
        return skipMembers(u']', false, depth);
    if (take(u'{'))
        return skipMembers(u'}', true, depth);
    if (QString ignored; m_text[m_at] == u'"')
        return readString(ignored);
    for (const QStringView literal : {u"true", u"false", u"null"}) {
        if (m_text.sliced(m_at).startsWith(literal)) {
            m_at += literal.size();
            return true;
        }
    }
    return skipNumber();
}

/// What stands between brackets, or between braces with names.
bool ArrayReader::skipMembers(QChar close, bool named, int depth)
{
    skipSpace();
    if (take(close))
        return true;
    do {
        skipSpace();
        if (QString name; named) {
            if (m_at == m_text.size() || m_text[m_at] != u'"' || !readString(name))
                return false;
            skipSpace();
            if (!take(u':'))
                return false;
            skipSpace();
        }
        if (!skipValue(depth + 1))
            return false;
        skipSpace();
    } while (take(u','));
    return take(close);
}

qsizetype ArrayReader::skipDigits()
{
    const qsizetype begin = m_at;
    while (takeAny(u"0123456789")) {
    }
    return m_at - begin;
}

bool ArrayReader::skipNumber()
{
    (void)take(u'-');
    if (!take(u'0') && skipDigits() == 0)
        return false;
    if (take(u'.') && skipDigits() == 0)
        return false;
    if (takeAny(u"eE")) {
        (void)takeAny(u"+-");
        return skipDigits() > 0;
    }
    return true;
}

/// From one quote to the other.
bool ArrayReader::readString(QString &text)
{
    ++m_at;
    while (m_at < m_text.size()) {
        const QChar c = m_text[m_at++];
        if (c == u'"')
            return true;
        if (c < u' ' || (c == u'\\' && !readEscape(text)))
            return false;
        if (c != u'\\')
            text += c;
    }
    return false;
}

/// What stands behind a backslash.
bool ArrayReader::readEscape(QString &text)
{
    if (m_at == m_text.size())
        return false;
    const QChar c = m_text[m_at++];
    static constexpr QStringView letters = u"\"\\/bfnrt";
    static constexpr QStringView meanings = u"\"\\/\b\f\n\r\t";
    if (const qsizetype at = letters.indexOf(c); at >= 0) {
        text += meanings[at];
        return true;
    }
    const qsizetype begin = m_at;
    while (m_at - begin < 4 && takeAny(u"0123456789abcdefABCDEF")) {
    }
    if (c != u'u' || m_at - begin < 4)
        return false;
    text += QChar(m_text.sliced(begin, 4).toUShort(nullptr, 16));
    return true;
}

std::expected<std::optional<QList<Word>>, QString> splitJson(const Span &span)
{
    ArrayReader reader(span);
    if (!reader.read())
        return std::nullopt;
    if (reader.hasOthers())
        return std::unexpected(u"when using JSON array syntax, arrays must be comprised of strings only"_s);
    return reader.strings();
}

} // namespace cooperage::dockerfile
