#include "core/dockerfile/goquote.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// Letters, marks, numbers, punctuation, symbols and the plain space.
static bool isPrintable(char32_t c)
{
    if (c == u' ')
        return true;
    switch (QChar::category(c)) {
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
        return false;
    default:
        return true;
    }
}

static QString hex(char32_t c, int digits)
{
    return QString::number(uint(c), 16).rightJustified(digits, u'0');
}

static QString escaped(char32_t c)
{
    static constexpr QStringView named = u"\a\b\t\n\v\f\r";
    static constexpr QStringView letters = u"abtnvfr";
    if (const qsizetype at = c < 0x20 ? named.indexOf(QChar(char16_t(c))) : -1; at >= 0)
        return u"\\"_s + letters[at];
    if (c < 0x20 || c == 0x7f)
        return u"\\x"_s + hex(c, 2);
    return c < 0x10000 ? u"\\u"_s + hex(c, 4) : u"\\U"_s + hex(c, 8);
}

static QString inQuotes(char32_t c, char32_t quote)
{
    const QString before = c == quote || c == U'\\' ? u"\\"_s : QString();
    return before + (isPrintable(c) ? QString(QStringView(QChar::fromUcs4(c))) : escaped(c));
}

QString goQuoted(QStringView text)
{
    QString result = u"\""_s;
    for (const char32_t c : text.toUcs4())
        result += inQuotes(c, U'"');
    return result + u'"';
}

QString goQuotedCharacter(char32_t character)
{
    const bool isCharacter = character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
    return u'\'' + inQuotes(isCharacter ? character : U'\ufffd', U'\'') + u'\'';
}

} // namespace cooperage::dockerfile
