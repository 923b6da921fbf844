#include "core/checks/checkfile.h"
#include "core/checks/linechecks.h"
#include "core/dockerfile/goquote.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

// BuildKit's rules about names and case in the whole file.
namespace cooperage::checks {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

/// The lines whose keywords have to agree: all but global ARGs.
static QList<qsizetype> stageLines(const CheckFile &file)
{
    QList<qsizetype> lines;
    for (const CheckedStage &stage : file.stages)
        lines += QList<qsizetype>{stage.from} + stage.body;
    return lines;
}

void checkCasing(const CheckFile &file, Findings &findings)
{
    const QList<qsizetype> lines = stageLines(file);
    qsizetype upper = 0;
    qsizetype lower = 0;
    for (const qsizetype line : lines) {
        upper += file.lines[line]->facts.isUpper ? 1 : 0;
        lower += file.lines[line]->facts.isLower ? 1 : 0;
    }
    const bool wantLower = lower > upper;
    for (const qsizetype line : lines) {
        if (wantLower ? file.lines[line]->facts.isLower : file.lines[line]->facts.isUpper)
            continue;
        const Instruction &instruction = file.instruction(line);
        const QString &keyword = instruction.keywordText;
        const QString wanted = wantLower ? keyword.toLower() : keyword.toUpper();
        findings.add(line, u"ConsistentInstructionCasing"_s, instruction.keywordRange,
                     u"Command '%1' should match the case of the command majority (%2)"_s.arg(
                         keyword, wantLower ? u"lowercase"_s : u"uppercase"_s),
                     {replacement(tr("Write %1").arg(wanted), instruction.keywordRange, wanted)});
    }
}

void checkStageNames(const CheckFile &file, Findings &findings)
{
    QSet<QString> seen;
    for (const CheckedStage &stage : file.stages) {
        if (stage.name.isEmpty())
            continue;
        if (seen.contains(stage.name))
            findings.add(stage.from, u"DuplicateStageName"_s, file.instruction(stage.from).words[2].range,
                         u"Duplicate stage name %1, stage names should be unique"_s.arg(
                             dockerfile::goQuoted(stage.name)));
        seen.insert(stage.name);
    }
}

static bool startsWithName(const QString &comment, const QStringList &names)
{
    const QString first = comment.section(u' ', 0, 0, QString::SectionSkipEmpty);
    return names.contains(first);
}

static void checkDescription(const CheckFile &file, qsizetype line, const QString &keyword,
                             const QStringList &names, const SourceRange &range, Findings &findings)
{
    const Instruction &instruction = file.instruction(line);
    if (instruction.comments.isEmpty() || names.isEmpty())
        return;
    const QString &comment = instruction.comments.last();
    if (startsWithName(comment, names) || comment.startsWith("check="_L1) ||
        comment.startsWith("hadolint "_L1))
        return;
    const QString name = names.size() == 1 ? names.first() : u"<arg_key>"_s;
    findings.add(line, u"InvalidDefinitionDescription"_s, range,
                 u"Comment for %1 should follow the format: `# %2 <description>`"_s.arg(keyword, name));
}

void checkDescriptions(const CheckFile &file, Findings &findings)
{
    const auto checkArg = [&](qsizetype line) {
        const Instruction &instruction = file.instruction(line);
        if (instruction.keyword != Keyword::Arg)
            return;
        QStringList names;
        for (const dockerfile::Word &word : instruction.words)
            names.append(word.text.section(u'=', 0, 0));
        checkDescription(file, line, u"ARG"_s, names, instruction.words.first().range, findings);
    };
    for (const qsizetype line : file.globalArgs)
        checkArg(line);
    for (const CheckedStage &stage : file.stages) {
        if (!stage.name.isEmpty())
            checkDescription(file, stage.from, u"FROM"_s, {stage.name},
                             file.instruction(stage.from).words[2].range, findings);
        for (const qsizetype line : stage.body)
            checkArg(line);
    }
}

} // namespace cooperage::checks
