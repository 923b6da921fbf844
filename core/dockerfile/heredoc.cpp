#include "core/dockerfile/heredoc.h"

#include "core/dockerfile/shelllexer.h"

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

static qsizetype skipDigits(QStringView text)
{
    qsizetype at = 0;
    while (at < text.size() && text[at] >= u'0' && text[at] <= u'9')
        ++at;
    return at;
}

/// The delimiter as the shell reads it, with or without its quotes; nullopt unless it is one word.
static std::optional<QString> lexDelimiter(QStringView text, bool rawQuotes)
{
    LexerRules rules;
    rules.rawQuotes = rawQuotes;
    rules.keepUnset = true;
    const VariableLookup nothing;
    ShellLexer lexer(text, nothing, rules);
    if (!lexer.run())
        return std::nullopt;
    const QList<LexedWord> words = lexer.takeWords();
    return words.size() == 1 ? std::optional(words.first().text) : std::nullopt;
}

std::optional<Heredoc> heredocOf(const QString &word)
{
    const qsizetype digits = skipDigits(word);
    QStringView rest = QStringView(word).sliced(digits);
    if (!rest.startsWith(u"<<"))
        return std::nullopt;
    rest = rest.sliced(2);
    Heredoc heredoc;
    heredoc.fd = QStringView(word).first(digits).toInt();
    heredoc.stripTabs = rest.startsWith(u'-');
    if (heredoc.stripTabs)
        rest = rest.sliced(1);
    const auto delimiter = rest.contains(u'<') ? std::nullopt : lexDelimiter(rest, false);
    if (!delimiter)
        return std::nullopt;
    heredoc.delimiter = *delimiter;
    // An escaped quote stays in both readings, a quote that quotes in one of them.
    heredoc.expand = lexDelimiter(rest, true) == delimiter;
    return heredoc;
}

static QList<Heredoc> openedIn(const LogicalLine &line)
{
    QList<Heredoc> heredocs;
    if (!line.text().contains(u"<<"))
        return heredocs;
    const LexerRules rules{.rawQuotes = true, .rawEscapes = true, .keepUnset = true, .heredocs = true};
    const VariableLookup nothing;
    ShellLexer lexer(line.text(), nothing, rules);
    if (!lexer.run())
        return heredocs;
    for (const LexedWord &word : lexer.takeWords()) {
        if (auto heredoc = heredocOf(word.text)) {
            heredoc->opener = line.range(word.begin, word.end);
            heredocs.append(*heredoc);
        }
    }
    return heredocs;
}

static bool canOpenHeredocs(const Instruction &instruction)
{
    const bool keyword = instruction.keyword == Keyword::Run || instruction.keyword == Keyword::Copy ||
                         instruction.keyword == Keyword::Add;
    return keyword && !instruction.isJson();
}

void readHeredocs(Instruction &instruction, const LogicalLine &line, LineReader &reader,
                  QList<Diagnostic> &diagnostics)
{
    if (!canOpenHeredocs(instruction.trigger ? *instruction.trigger : instruction))
        return;
    instruction.heredocs = openedIn(line);
    for (Heredoc &heredoc : instruction.heredocs) {
        const BodyLines body = reader.readBody(heredoc.delimiter, heredoc.stripTabs);
        heredoc.bodyRange = body.range;
        heredoc.body = reader.source().text().sliced(body.range.begin, body.range.end - body.range.begin);
        instruction.range.end = body.end;
        instruction.range.lastLine = int(reader.linesRead());
        if (!body.terminated) {
            diagnostics.append({Severity::Error, u"unterminated heredoc"_s, heredoc.opener});
            return;
        }
    }
}

} // namespace cooperage::dockerfile
