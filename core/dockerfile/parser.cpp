#include "core/dockerfile/parser.h"

#include "core/dockerfile/arguments.h"
#include "core/dockerfile/directives.h"
#include "core/dockerfile/heredoc.h"
#include "core/dockerfile/instructionchecks.h"
#include "core/dockerfile/keywords.h"
#include "core/dockerfile/readinstruction.h"

#include <QSet>

#include <algorithm>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

/// ONBUILD in ONBUILD is refused later; until then it must not exhaust the stack.
constexpr int maximalNesting = 100;

constexpr qsizetype maximalLineBytes = 65535;

struct SyntaxTree
{
    Dockerfile file;
    QSet<qsizetype> broken; ///< Instructions with a syntax error: nothing more is said about them.
};

struct ParsedInstruction
{
    Instruction instruction;
    QString error{};
};

} // namespace

static ParsedInstruction parseInstruction(const Span &span, QChar escape, int depth)
{
    const Span content = span.trimmed();
    const QStringView text = content.text();
    const qsizetype keywordEnd = std::ranges::find_if(text, isBlank) - text.begin();
    const Span keyword{span.line, content.begin, content.begin + keywordEnd};
    const SplitFlags split = splitFlags({span.line, keyword.end, content.end}, escape);

    ParsedInstruction result;
    Instruction &instruction = result.instruction;
    instruction.keywordText = keyword.text().toString();
    instruction.keyword = keywordOf(instruction.keywordText);
    instruction.keywordRange = span.line.range(keyword.begin, keyword.end);
    instruction.flags = split.flags;
    instruction.original = span.text().toString();
    instruction.range = span.line.range(content.begin, content.end);
    if (instruction.keyword == Keyword::Onbuild && split.rest.end > split.rest.begin &&
        depth < maximalNesting) {
        ParsedInstruction trigger = parseInstruction(split.rest, escape, depth + 1);
        instruction.trigger = std::make_shared<const Instruction>(std::move(trigger.instruction));
        result.error = trigger.error;
    } else if (const auto parsed = parseArguments(instruction, split.rest, escape); !parsed) {
        result.error = parsed.error();
    }
    return result;
}

static Instruction makeInstruction(const InstructionLines &lines, Instruction instruction)
{
    instruction.range = lines.range;
    instruction.pieces = lines.line.pieces();
    instruction.comments = lines.comments;
    for (const QString &comment : lines.comments)
        instruction.skippedChecks += skippedChecksOf(comment);
    return instruction;
}

/// The trigger of an ONBUILD has the here-documents, too: it is what is executed in the end.
static void giveHeredocsToTrigger(Instruction &instruction)
{
    if (!instruction.trigger || instruction.heredocs.isEmpty())
        return;
    Instruction trigger = *instruction.trigger;
    trigger.heredocs = instruction.heredocs;
    instruction.trigger = std::make_shared<const Instruction>(std::move(trigger));
}

std::optional<ReadInstruction> readInstruction(LineReader &reader, QChar escape)
{
    const std::optional<InstructionLines> lines = reader.next();
    if (!lines)
        return std::nullopt;
    const Span all{lines->line, 0, lines->line.text().size()};
    ParsedInstruction parsed = parseInstruction(all, escape, 0);
    ReadInstruction result{makeInstruction(*lines, std::move(parsed.instruction))};
    if (lines->hasEmptyContinuation) {
        SourceRange last = lines->range;
        last.begin = reader.source().contentBegin(last.lastLine - 1);
        last.firstLine = last.lastLine;
        result.diagnostics.append({Severity::Warning,
                                   u"Empty continuation line found in: "_s + lines->line.text(), last,
                                   u"NoEmptyContinuation"_s});
    }
    if (parsed.error.isEmpty()) {
        readHeredocs(result.instruction, lines->line, reader, result.diagnostics);
        giveHeredocsToTrigger(result.instruction);
    } else {
        result.diagnostics.append({Severity::Error, parsed.error, result.instruction.range});
        result.broken = true;
    }
    return result;
}

void reportLongLines(const SourceText &source, QList<Diagnostic> &diagnostics)
{
    for (const PhysicalLine &line : source.lines()) {
        QStringView text = QStringView(source.text()).sliced(line.begin, line.next - line.begin);
        if (text.endsWith(u'\n'))
            text.chop(1);
        // A UTF-16 unit takes at most three bytes.
        if (text.size() * 3 > maximalLineBytes && text.toUtf8().size() > maximalLineBytes)
            diagnostics.append(
                {Severity::Error,
                 u"dockerfile line greater than max allowed size of %1"_s.arg(maximalLineBytes),
                 source.range(line.begin, line.end)});
    }
}

static SyntaxTree parseTree(const QString &text)
{
    SyntaxTree tree;
    tree.file.text = text;
    const SourceText source(text);
    const DirectiveScan scan = scanDirectives(source);
    tree.file.directives = scan.directives;
    tree.file.diagnostics = scan.diagnostics;
    LineReader reader(source, scan.directives.escape, scan.lineCount);
    while (std::optional<ReadInstruction> read = readInstruction(reader, scan.directives.escape)) {
        if (read->broken)
            tree.broken.insert(tree.file.instructions.size());
        tree.file.diagnostics += read->diagnostics;
        tree.file.instructions.append(std::move(read->instruction));
    }
    reportLongLines(source, tree.file.diagnostics);
    std::ranges::stable_sort(tree.file.diagnostics, {},
                             [](const Diagnostic &d) { return d.range.firstLine; });
    if (tree.file.instructions.isEmpty()) {
        const PhysicalLine last = source.lines().isEmpty() ? PhysicalLine() : source.lines().last();
        tree.file.diagnostics.append(
            {Severity::Error, u"file with no instructions"_s, source.range(last.begin, last.end)});
    }
    return tree;
}

Dockerfile parseSyntax(const QString &text)
{
    return parseTree(text).file;
}

Dockerfile parse(const QString &text)
{
    SyntaxTree tree = parseTree(text);
    if (text.isEmpty())
        tree.file.diagnostics = {{Severity::Error, u"the Dockerfile cannot be empty"_s, {0, 0, 1, 1}}};
    else if (!tree.file.instructions.isEmpty())
        checkInstructions(tree.file, tree.broken);
    return tree.file;
}

Dockerfile parseBytes(const QByteArray &bytes)
{
    return parse(QString::fromUtf8(bytes));
}

} // namespace cooperage::dockerfile
