#include "core/dockerfile/arguments.h"

#include "core/dockerfile/parser.h"

namespace cooperage::dockerfile {

using Parsed = std::expected<void, QString>;

static void setText(Instruction &instruction, const Span &rest)
{
    instruction.form = Form::Text;
    if (rest.end > rest.begin)
        instruction.words.append(rest.word());
}

/// JSON, or what `otherwise` makes of the text.
static Parsed parseJsonOr(Instruction &instruction, const Span &rest, auto otherwise)
{
    const auto words = splitJson(rest);
    if (!words)
        return std::unexpected(words.error());
    if (!*words) {
        otherwise(instruction, rest);
        return {};
    }
    instruction.form = Form::Json;
    instruction.words += **words;
    return {};
}

static void setWords(Instruction &instruction, const Span &rest)
{
    instruction.words = splitAtBlanks(rest);
}

static Parsed parseHealthcheck(Instruction &instruction, const Span &rest)
{
    const QStringView text = rest.text();
    qsizetype typeEnd = 0;
    while (typeEnd < text.size() && !text[typeEnd].isSpace())
        ++typeEnd;
    const Span type{rest.line, rest.begin, rest.begin + typeEnd};
    if (typeEnd > 0)
        instruction.words.append(type.word());
    return parseJsonOr(instruction, Span{rest.line, type.end, rest.end}.trimmed(), setText);
}

std::expected<void, QString> parseArguments(Instruction &instruction, const Span &rest, QChar escape)
{
    switch (instruction.keyword) {
    case Keyword::Add:
    case Keyword::Copy:
    case Keyword::Volume:
        return parseJsonOr(instruction, rest, setWords);
    case Keyword::Run:
    case Keyword::Cmd:
    case Keyword::Entrypoint:
    case Keyword::Shell:
        return parseJsonOr(instruction, rest, setText);
    case Keyword::Env:
    case Keyword::Label: {
        instruction.form = Form::KeyValues;
        auto pairs = splitPairs(rest, escape, keywordName(instruction.keyword));
        if (!pairs)
            return std::unexpected(pairs.error());
        instruction.pairs = *std::move(pairs);
        return {};
    }
    case Keyword::Arg:
        instruction.words = splitQuoted(rest, escape);
        return {};
    case Keyword::From:
    case Keyword::Expose:
        setWords(instruction, rest);
        return {};
    case Keyword::Healthcheck:
        return parseHealthcheck(instruction, rest);
    case Keyword::Maintainer:
    case Keyword::Stopsignal:
    case Keyword::User:
    case Keyword::Workdir:
        setText(instruction, rest);
        return {};
    case Keyword::Onbuild: // Holds an instruction.
    case Keyword::Unknown:
        return {};
    }
    return {};
}

} // namespace cooperage::dockerfile
