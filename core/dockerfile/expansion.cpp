#include "core/dockerfile/expansion.h"

#include "core/dockerfile/goquote.h"
#include "core/dockerfile/shelllexer.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// Messages of the language are BuildKit's, word for word, so that they can be searched for; they are not
/// translated.
static Result<Expansion> expandText(const QString &text, const VariableLookup &lookup,
                                    const ExpansionOptions &options, bool split)
{
    LexerRules rules;
    // In a here-document the escape is always a backslash (spec 1.9).
    rules.escape = options.keepQuotes ? QChar(u'\\') : options.escape;
    rules.quotes = !options.keepQuotes;
    ShellLexer lexer(text, lookup, rules);
    const std::expected<QString, QString> result = lexer.run();
    if (!result)
        return failure(ErrorKind::BadInput,
                       u"failed to process "_s + goQuoted(text) + u": "_s + result.error());

    Expansion expansion{*result, {}, lexer.matched(), lexer.unmatched()};
    if (split) {
        for (const LexedWord &word : lexer.takeWords())
            expansion.words.append(word.text);
    }
    return expansion;
}

Result<Expansion> expand(const QString &word, const VariableLookup &lookup, const ExpansionOptions &options)
{
    return expandText(word, lookup, options, false);
}

Result<Expansion> expandWords(const QString &text, const VariableLookup &lookup,
                              const ExpansionOptions &options)
{
    return expandText(text, lookup, options, true);
}

} // namespace cooperage::dockerfile
