// Arguments that are words and pairs of words (spec 1.6, 1.8).

#include "core/dockerfile/arguments.h"
#include "core/dockerfile/goquote.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

struct Extent
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

} // namespace

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\v' || c == u'\f' || c == u'\r';
}

Span Span::trimmed() const
{
    Span result{line, begin, end};
    while (result.begin < result.end && line.text()[result.begin].isSpace())
        ++result.begin;
    while (result.end > result.begin && line.text()[result.end - 1].isSpace())
        --result.end;
    return result;
}

QList<Word> splitAtBlanks(const Span &span)
{
    QList<Word> words;
    const QString &text = span.line.text();
    for (qsizetype at = span.begin; at < span.end;) {
        qsizetype end = at;
        while (end < span.end && !isBlank(text[end]))
            ++end;
        if (end > at)
            words.append(Span{span.line, at, end}.word());
        at = end + 1;
    }
    return words;
}

/// Where the word that begins there ends. An escape with nothing behind it is no part of it.
static qsizetype quotedWordEnd(const Span &span, qsizetype at, QChar escape)
{
    const QString &line = span.line.text();
    std::optional<QChar> quote;
    for (; at < span.end && (quote || !line[at].isSpace()); ++at) {
        const QChar c = line[at];
        if (c == escape && quote != u'\'') {
            if (at + 1 == span.end)
                break;
            ++at;
        } else if (c == quote) {
            quote.reset();
        } else if (!quote && (c == u'\'' || c == u'"')) {
            quote = c;
        }
    }
    return at;
}

static QList<Extent> quotedWords(const Span &span, QChar escape)
{
    QList<Extent> words;
    for (qsizetype at = span.begin; at < span.end;) {
        const qsizetype end = quotedWordEnd(span, at, escape);
        if (end > at)
            words.append({at, end});
        at = end + 1;
    }
    return words;
}

QList<Word> splitQuoted(const Span &span, QChar escape)
{
    QList<Word> words;
    for (const Extent &extent : quotedWords(span, escape))
        words.append(Span{span.line, extent.begin, extent.end}.word());
    return words;
}

static KeyValue pairOf(const Span &word, qsizetype equals)
{
    const Span key{word.line, word.begin, word.begin + equals};
    const Span value{word.line, word.begin + equals + 1, word.end};
    return {key.word(), value.word(), u"="_s};
}

/// `KEY value with spaces`
static std::expected<QList<KeyValue>, QString> legacyPair(const Span &span, const QString &keyword)
{
    const QString &line = span.line.text();
    qsizetype keyEnd = span.begin;
    while (keyEnd < span.end && !isBlank(line[keyEnd]))
        ++keyEnd;
    qsizetype valueBegin = keyEnd;
    while (valueBegin < span.end && isBlank(line[valueBegin]))
        ++valueBegin;
    if (valueBegin == keyEnd)
        return std::unexpected(keyword + u" must have two arguments"_s);
    const Span key{span.line, span.begin, keyEnd};
    const Span value{span.line, valueBegin, span.end};
    return QList<KeyValue>{{key.word(), value.word(), QString()}};
}

std::expected<QList<KeyValue>, QString> splitPairs(const Span &span, QChar escape, const QString &keyword)
{
    QList<KeyValue> pairs;
    for (const Extent &extent : quotedWords(span, escape)) {
        const Span word{span.line, extent.begin, extent.end};
        const qsizetype equals = word.text().indexOf(u'=');
        if (equals < 0 && pairs.isEmpty())
            return legacyPair(span, keyword);
        if (equals < 0)
            return std::unexpected(u"Syntax error - can't find = in "_s + goQuoted(word.text()) +
                                   u". Must be of the form: name=value"_s);
        pairs.append(pairOf(word, equals));
    }
    return pairs;
}

} // namespace cooperage::dockerfile
