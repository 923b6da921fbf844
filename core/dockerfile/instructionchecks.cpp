#include "core/dockerfile/instructionchecks.h"

#include "core/dockerfile/checkerror.h"
#include "core/dockerfile/checkoptions.h"
#include "core/dockerfile/goquote.h"
#include "core/dockerfile/heredoc.h"
#include "core/dockerfile/keywords.h"
#include "core/dockerfile/parser.h"
#include "core/dockerfile/suggestion.h"

#include <QRegularExpression>

#include <algorithm>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

using Checked = std::optional<CheckError>;

static Checked atLeastOne(const Instruction &instruction)
{
    if (!instruction.words.isEmpty() || !instruction.pairs.isEmpty() || instruction.trigger)
        return std::nullopt;
    return CheckError{keywordName(instruction.keyword) + u" requires at least one argument"_s,
                      instruction.range};
}

static Checked exactlyOne(const Instruction &instruction)
{
    if (instruction.words.size() == 1)
        return std::nullopt;
    return CheckError{keywordName(instruction.keyword) + u" requires exactly one argument"_s,
                      instruction.range};
}

static Checked checkPairs(const Instruction &instruction, const Directives &directives)
{
    if (Checked error = checkFlags(instruction, directives))
        return error;
    for (const KeyValue &pair : instruction.pairs) {
        if (pair.key.text.isEmpty())
            return CheckError{keywordName(instruction.keyword) + u" names can not be blank"_s,
                              pair.value.range};
    }
    return atLeastOne(instruction);
}

static Checked checkArg(const Instruction &instruction)
{
    for (const Word &word : instruction.words) {
        if (word.text.startsWith(u'='))
            return CheckError{u"ARG names can not be blank"_s, word.range};
    }
    return atLeastOne(instruction);
}

static Checked checkCopy(const Instruction &instruction, const Directives &directives)
{
    const QString name = keywordName(instruction.keyword);
    if (instruction.words.size() < 2)
        return CheckError{name + u" requires at least two arguments, but only one was provided. "
                                 u"Destination could not be determined"_s,
                          instruction.range};
    if (Checked error = checkFlags(instruction, directives))
        return error;
    const Word &destination = instruction.words.last();
    if (heredocOf(destination.text))
        return CheckError{name + u" cannot accept a heredoc as a destination"_s, destination.range};
    return std::nullopt;
}

static Checked checkFrom(const Instruction &instruction, const Directives &directives)
{
    const QList<Word> &words = instruction.words;
    static const QRegularExpression stageName(u"^[a-z][a-z0-9\\-_.]*\\z"_s);
    const bool named = words.size() == 3 && words[1].text.compare(u"as", Qt::CaseInsensitive) == 0;
    if (named && !stageName.match(words[2].text.toLower()).hasMatch())
        return CheckError{u"invalid name for build stage: "_s + goQuoted(words[2].text) +
                              u", name can't start with a number or contain symbols"_s,
                          words[2].range};
    if (!named && words.size() != 1)
        return CheckError{u"FROM requires either one or three arguments"_s, instruction.range};
    return checkFlags(instruction, directives);
}

static Checked checkOnbuild(const Instruction &instruction, const Directives &directives)
{
    if (Checked error = atLeastOne(instruction))
        return error;
    if (Checked error = checkFlags(instruction, directives))
        return error;
    const Instruction &trigger = *instruction.trigger;
    if (trigger.keyword == Keyword::Onbuild)
        return CheckError{u"Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"_s, trigger.keywordRange};
    if (trigger.keyword == Keyword::From || trigger.keyword == Keyword::Maintainer)
        return CheckError{keywordName(trigger.keyword) + u" isn't allowed as an ONBUILD trigger"_s,
                          trigger.keywordRange};
    return std::nullopt;
}

static Checked checkShell(const Instruction &instruction, const Directives &directives)
{
    if (Checked error = checkFlags(instruction, directives))
        return error;
    if (Checked error = atLeastOne(instruction))
        return error;
    if (!instruction.isJson())
        return CheckError{u"SHELL requires the arguments to be in JSON form"_s, instruction.range};
    return std::nullopt;
}

static Checked checkVolume(const Instruction &instruction)
{
    const auto blank = [](const Word &word) { return QStringView(word.text).trimmed().isEmpty(); };
    const auto found = std::ranges::find_if(instruction.words, blank);
    if (found == instruction.words.end())
        return std::nullopt;
    return CheckError{u"VOLUME specified can not be an empty string"_s, found->range};
}

Checked checkInstruction(const Instruction &instruction, const Directives &directives)
{
    const auto flagsAfter = [&](Checked error) {
        return error ? error : checkFlags(instruction, directives);
    };
    switch (instruction.keyword) {
    case Keyword::Env:
    case Keyword::Label:
        return checkPairs(instruction, directives);
    case Keyword::Maintainer:
    case Keyword::Workdir:
    case Keyword::User:
        return flagsAfter(exactlyOne(instruction));
    case Keyword::Add:
    case Keyword::Copy:
        return checkCopy(instruction, directives);
    case Keyword::From:
        return checkFrom(instruction, directives);
    case Keyword::Onbuild:
        return checkOnbuild(instruction, directives);
    case Keyword::Run:
    case Keyword::Cmd:
    case Keyword::Entrypoint:
        return checkFlags(instruction, directives);
    case Keyword::Healthcheck:
        return checkHealthcheck(instruction, directives);
    case Keyword::Expose:
        return flagsAfter(atLeastOne(instruction));
    case Keyword::Volume: {
        const Checked error = flagsAfter(atLeastOne(instruction));
        return error ? error : checkVolume(instruction);
    }
    case Keyword::Stopsignal: // This and ARG let any flag pass.
        return exactlyOne(instruction);
    case Keyword::Arg:
        return checkArg(instruction);
    case Keyword::Shell:
        return checkShell(instruction, directives);
    case Keyword::Unknown:
        break;
    }
    return CheckError{u"unknown instruction: "_s + instruction.keywordText +
                          suggestionFor(instruction.keywordText, keywordNames(), Qt::CaseInsensitive),
                      instruction.keywordRange};
}

std::optional<OrderError> checkOrder(const QList<Keyword> &keywords,
                                     const std::function<bool(qsizetype)> &hasError, bool fileHasErrors)
{
    bool anyError = fileHasErrors;
    for (qsizetype i = 0; i < keywords.size(); ++i) {
        if (keywords[i] == Keyword::From)
            return std::nullopt;
        const bool wrong = hasError(i);
        anyError = anyError || wrong;
        // Once is enough: every instruction up to the first FROM has the same trouble.
        if (!wrong && keywords[i] != Keyword::Arg)
            return OrderError{i, u"no build stage in current context"_s};
    }
    if (anyError)
        return std::nullopt;
    return OrderError{keywords.size() - 1, u"dockerfile contains no stages to build"_s};
}

void checkInstructions(Dockerfile &file, const QSet<qsizetype> &broken)
{
    const auto report = [&](const QString &message, const SourceRange &range) {
        file.diagnostics.append({Severity::Error, message, range});
    };
    if (const auto options = parseCheckOptions(file.directives.check); !options)
        report(options.error().what, {0, 0, 1, 1});
    QHash<qsizetype, CheckError> errors;
    QList<Keyword> keywords;
    for (qsizetype i = 0; i < file.instructions.size(); ++i) {
        keywords.append(file.instructions[i].keyword);
        const Checked error =
            broken.contains(i) ? std::nullopt : checkInstruction(file.instructions[i], file.directives);
        if (error)
            errors.insert(i, *error);
    }
    const auto order = checkOrder(
        keywords, [&](qsizetype i) { return broken.contains(i) || errors.contains(i); }, file.hasErrors());
    for (qsizetype i = 0; i < file.instructions.size(); ++i) {
        if (const auto error = errors.constFind(i); error != errors.constEnd())
            report(error->message, error->range);
        if (order && order->instruction == i)
            report(order->message, file.instructions[i].range);
    }
}

} // namespace cooperage::dockerfile
