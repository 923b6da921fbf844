#include "core/embedded/server/linematcher.h"

#include "core/embedded/server/text.h"

#include <QStringDecoder>

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr qsizetype longestPattern = 4096;
static constexpr qsizetype mostPatterns = 64;
static constexpr size_t mostSubmatches = 1000;

// Without these a pattern like (a+)+b takes longer than the universe has. A pattern can only lower them.
static const QString s_limits = u"(*LIMIT_MATCH=100000)(*LIMIT_HEAP=20000)"_s;

QString lineText(const QByteArray &line)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    QString text = decoder(line);
    return decoder.hasError() ? QString::fromLatin1(line) : text;
}

// Of the letters that stand for themselves: \S and \W are not upper case.
static bool hasUpperCase(const QString &pattern)
{
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == u'\\')
            ++i;
        else if (pattern[i].isUpper())
            return true;
    }
    return false;
}

Result<LineMatcher> LineMatcher::compile(const QStringList &patterns, Case sensitivity)
{
    if (patterns.isEmpty() || patterns.size() > mostPatterns)
        return failure(ErrorKind::BadInput, Text::tr("there must be 1 to %1 patterns").arg(mostPatterns));
    const bool insensitive = sensitivity == Case::Insensitive ||
                             (sensitivity == Case::Smart && std::ranges::none_of(patterns, hasUpperCase));
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    if (insensitive)
        options |= QRegularExpression::CaseInsensitiveOption;
    LineMatcher matcher;
    for (const QString &pattern : patterns) {
        if (pattern.size() > longestPattern)
            return failure(ErrorKind::BadInput,
                           Text::tr("a pattern is longer than %1 characters").arg(longestPattern));
        // The verbs that PCRE knows at the start are no part of the dialect.
        QRegularExpression expression(s_limits + pattern, options);
        if (pattern.startsWith("(*"_L1) || !expression.isValid())
            return failure(ErrorKind::BadInput,
                           Text::tr("the pattern \"%1\" is wrong at character %2: %3")
                               .arg(pattern)
                               .arg(std::max<qsizetype>(expression.patternErrorOffset() - s_limits.size(), 0))
                               .arg(expression.errorString()));
        matcher.m_expressions.push_back(std::move(expression));
    }
    return matcher;
}

// The earliest first, and of two at one place the longer one; what overlaps an earlier one goes.
static void makeDistinct(std::vector<Submatch> &found)
{
    std::ranges::sort(found, [](const Submatch &one, const Submatch &other) {
        return one.start != other.start ? one.start < other.start : one.end > other.end;
    });
    qsizetype end = -1;
    std::erase_if(found, [&](const Submatch &match) {
        if (match.start < end || (match.start == end && match.end == end))
            return true;
        end = match.end;
        return false;
    });
}

Result<std::vector<Submatch>> LineMatcher::match(const QByteArray &line) const
{
    const QString text = lineText(line);
    const bool bytesAreCharacters = text.size() == line.size();
    const auto byteAt = [&](qsizetype character) {
        return bytesAreCharacters ? character : QStringView(text).first(character).toUtf8().size();
    };
    std::vector<Submatch> found;
    for (const QRegularExpression &expression : m_expressions) {
        QRegularExpressionMatch match = expression.match(text);
        while (match.hasMatch() && found.size() < mostSubmatches) {
            found.push_back({match.captured(), byteAt(match.capturedStart()), byteAt(match.capturedEnd())});
            const qsizetype next = match.capturedEnd() + (match.capturedLength() == 0 ? 1 : 0);
            if (next > text.size())
                break;
            match = expression.match(text, next);
        }
        if (!match.isValid())
            return failure(ErrorKind::BadInput,
                           Text::tr("the pattern \"%1\" needs too long")
                               .arg(expression.pattern().sliced(s_limits.size())),
                           {}, Text::tr("Avoid repetitions within repetitions, such as (a+)+."));
    }
    if (m_expressions.size() > 1)
        makeDistinct(found);
    return found;
}

} // namespace cooperage::embedded
