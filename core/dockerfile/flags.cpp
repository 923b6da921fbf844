// Flags between the keyword and the arguments (spec 1.5).

#include "core/dockerfile/arguments.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

struct FlagWord
{
    QString text;
    qsizetype end = 0;
};

} // namespace

/// The word that begins there, its quotes and escapes removed.
static FlagWord readFlagWord(const Span &span, qsizetype at, QChar escape)
{
    const QString &line = span.line.text();
    FlagWord word;
    std::optional<QChar> quote;
    for (; at < span.end; ++at) {
        const QChar c = line[at];
        if (!quote && c.isSpace())
            break;
        if (c == quote)
            quote.reset();
        else if (!quote && (c == u'\'' || c == u'"'))
            quote = c;
        else if (c != escape)
            word.text += c;
        else if (at + 1 < span.end)
            word.text += line[++at];
    }
    word.end = at;
    return word;
}

static Flag makeFlag(const QString &text, const SourceRange &range)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals < 0)
        return {text.sliced(2), std::nullopt, range};
    return {text.sliced(2, equals - 2), text.sliced(equals + 1), range};
}

SplitFlags splitFlags(const Span &span, QChar escape)
{
    QList<Flag> flags;
    const Span all = span.trimmed();
    qsizetype at = all.begin;
    while (Span{all.line, at, all.end}.text().startsWith(u"--")) {
        const FlagWord word = readFlagWord(all, at, escape);
        const SourceRange range = all.line.range(at, word.end);
        at = Span{all.line, word.end, all.end}.trimmed().begin;
        if (word.text == u"--")
            break;
        flags.append(makeFlag(word.text, range));
    }
    return {flags, {all.line, at, all.end}};
}

} // namespace cooperage::dockerfile
