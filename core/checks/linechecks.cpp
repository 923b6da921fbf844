#include "core/checks/linechecks.h"

#include "core/checks/rules.h"
#include "core/checks/runscript.h"
#include "core/dockerfile/checkoptions.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/instructionchecks.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

void addFinding(QList<Diagnostic> &diagnostics, const QString &rule, const SourceRange &range,
                const QString &message, const QList<Fix> &fixes, const QString &detail)
{
    const Rule *known = findRule(rule);
    Q_ASSERT(known);
    diagnostics.append({.severity = known->severity,
                        .message = message,
                        .range = range,
                        .rule = rule,
                        .detail = detail,
                        .fixes = fixes});
}

Fix replacement(const QString &title, const SourceRange &range, const QString &text)
{
    return {title, {{range.begin, range.end, text}}};
}

SourceRange variableRange(const dockerfile::Word &word, const QString &name)
{
    if (word.range.end - word.range.begin != word.text.size())
        return word.range; // Continued over lines, or decoded from JSON.
    const auto isNamePart = [](QChar c) { return c.isLetterOrNumber() || c == u'_'; };
    for (const QString &start : {u"$"_s + name, u"${"_s + name}) {
        for (qsizetype at = word.text.indexOf(start); at >= 0; at = word.text.indexOf(start, at + 1)) {
            const qsizetype end = at + start.size();
            if (end < word.text.size() && isNamePart(word.text[end]))
                continue;
            const bool braced = start[1] == u'{';
            const qsizetype close = braced ? word.text.indexOf(u'}', end) + 1 : end;
            return {word.range.begin + at, word.range.begin + (close > 0 ? close : end), word.range.firstLine,
                    word.range.lastLine};
        }
    }
    return word.range;
}

QList<Fix> renamed(const SourceRange &range, const QString &name, const QString &meant)
{
    const qsizetype length = range.end - range.begin;
    const bool braced = length == name.size() + 3; // "${name}"
    if (meant.isEmpty() || (!braced && length != name.size() + 1))
        return {};
    const qsizetype begin = range.begin + (braced ? 2 : 1);
    return {{QCoreApplication::translate("Checks", "Write $%1").arg(meant),
             {{begin, begin + name.size(), meant}}}};
}

static QStringList namesIn(const QString &text)
{
    QStringList names;
    for (const QString &name : text.split(u','))
        names.append(name.trimmed());
    return names;
}

/// `# check=skip=A`, `# hadolint ignore=DL3006,DL3008`, `# hadolint global ignore=...`.
static void readComments(const Instruction &instruction, LineFacts &facts)
{
    for (const QString &comment : instruction.comments) {
        QString text = comment.trimmed();
        if (text.startsWith("check"_L1)) {
            const QString value = text.section(u'=', 1).trimmed().section(u' ', 0, 0);
            if (text.section(u'=', 0, 0).trimmed() != "check"_L1 || value.isEmpty())
                continue;
            if (const auto options = dockerfile::parseCheckOptions(value)) {
                facts.skipped += options->skip;
                facts.experimental += options->experimental;
            }
        } else if (text.startsWith("hadolint "_L1)) {
            text = text.sliced(9).simplified();
            const bool global = text.startsWith("global "_L1);
            if (global)
                text = text.sliced(7);
            if (text.section(u'=', 0, 0).trimmed() != "ignore"_L1)
                continue;
            (global ? facts.globallyIgnored : facts.skipped) += namesIn(text.section(u'=', 1));
        }
    }
}

/// Null where a variable has to be looked up.
static QString constantOf(const QString &word, QChar escape)
{
    if (word.contains(u'$'))
        return {};
    if (!word.contains(u'"') && !word.contains(u'\'') && !word.contains(escape))
        return word.isNull() ? u""_s : word;
    const auto expansion = dockerfile::expand(word, {}, {.escape = escape});
    return expansion ? (expansion->text.isNull() ? u""_s : expansion->text) : QString();
}

static void readConstants(CheckedLine &line, QChar escape)
{
    const Instruction &instruction = line.instruction;
    const bool hasValues = instruction.keyword != Keyword::Run && instruction.keyword != Keyword::Cmd &&
                           instruction.keyword != Keyword::Entrypoint &&
                           instruction.keyword != Keyword::Shell;
    if (!hasValues)
        return;
    for (const dockerfile::Word &word : instruction.words)
        line.facts.constants.append(constantOf(word.text, escape));
    for (const dockerfile::KeyValue &pair : instruction.pairs)
        line.facts.constants << constantOf(pair.key.text, escape) << constantOf(pair.value.text, escape);
}

static void checkRun(CheckedLine &line)
{
    const RunScript script = RunScript::of(line.instruction);
    line.facts.commandCount = int(script.commands.size());
    bool pipefail = false;
    for (const ShellCommand &command : script.commands)
        pipefail = pipefail || (command.name() == "set"_L1 && command.has(u"pipefail"));
    if (!pipefail)
        line.facts.pipe = script.firstPipe;
    checkFolderChanges(script, line.diagnostics);
    checkPackages(line.instruction, script, line);
    checkPip(line.instruction, script, line);
}

static void checkOne(CheckedLine &line, const dockerfile::Directives &directives)
{
    const Instruction &instruction = line.instruction;
    switch (instruction.keyword) {
    case Keyword::From:
        checkFromLine(instruction, line.diagnostics);
        break;
    case Keyword::Run:
        checkRun(line);
        break;
    case Keyword::Copy:
    case Keyword::Add:
        checkCopyForm(instruction, line.diagnostics);
        break;
    case Keyword::Env:
        checkSelfReference(instruction, directives.escape, line.diagnostics);
        checkSecrets(instruction, line.diagnostics);
        break;
    case Keyword::Arg:
        checkSecrets(instruction, line.diagnostics);
        break;
    case Keyword::Cmd:
    case Keyword::Entrypoint:
    case Keyword::Healthcheck:
        checkCommandForm(instruction, line.diagnostics);
        break;
    default:
        break;
    }
    checkOldForms(instruction, line.diagnostics);
    line.facts.isUpper = instruction.keywordText == instruction.keywordText.toUpper();
    line.facts.isLower = instruction.keywordText == instruction.keywordText.toLower();
    line.facts.hasVariables = instruction.original.contains(u'$') || !instruction.heredocs.isEmpty();
    readConstants(line, directives.escape);
}

std::shared_ptr<const CheckedLine> checkLine(dockerfile::ReadInstruction read,
                                             const dockerfile::Directives &directives, const QString &text)
{
    const auto line = std::make_shared<CheckedLine>();
    line->instruction = std::move(read.instruction);
    line->broken = read.broken;
    for (Diagnostic &diagnostic : read.diagnostics) {
        if (diagnostic.rule.isEmpty())
            line->syntax.append(std::move(diagnostic));
        else
            checkBlankLines(line->instruction, text, line->diagnostics);
    }
    readComments(line->instruction, line->facts);
    if (!line->broken)
        line->error = dockerfile::checkInstruction(line->instruction, directives);
    if (line->isUsable())
        checkOne(*line, directives);
    return line;
}

} // namespace cooperage::checks
