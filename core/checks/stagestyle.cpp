#include "core/checks/checkfile.h"
#include "core/checks/linechecks.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

// hadolint's rules about stages.
namespace cooperage::checks {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

namespace {

/// What a stage hands to those that continue it.
struct StageStyle
{
    bool workdirSet = false;
    bool pipesAreSafe = false; ///< Its SHELL sets pipefail, or is none that knows pipes like sh.
};

} // namespace

static bool isRoot(const QString &user)
{
    const QString name = user.section(u':', 0, 0);
    return name == "root"_L1 || name == "0"_L1;
}

static void checkUser(const CheckFile &file, const CheckedStage &stage, Findings &findings)
{
    const auto last = std::find_if(stage.body.crbegin(), stage.body.crend(), [&](qsizetype line) {
        return file.instruction(line).keyword == Keyword::User;
    });
    if (last == stage.body.crend() || !isRoot(file.instruction(*last).words.first().text))
        return;
    findings.add(*last, u"DL3002"_s, file.instruction(*last).words.first().range,
                 tr("The image runs as root; end with a USER that is not"));
}

/// Both halves have the same flags, no here-documents, and little in them.
static bool couldBeOne(const CheckedLine &first, const CheckedLine &second)
{
    const auto isShort = [](const CheckedLine &line) {
        return line.facts.commandCount <= 2 && line.instruction.heredocs.isEmpty();
    };
    const auto flagsOf = [](const CheckedLine &line) {
        QStringList flags;
        for (const dockerfile::Flag &flag : line.instruction.flags)
            flags.append(flag.text());
        return flags;
    };
    return isShort(first) && isShort(second) && flagsOf(first) == flagsOf(second);
}

static bool isPipeSafe(const Instruction &shell)
{
    const QString program = shell.words.value(0).text.section(u'/', -1).toLower();
    if (program.startsWith("pwsh"_L1) || program.startsWith("powershell"_L1) || program.startsWith("cmd"_L1))
        return true;
    return std::ranges::any_of(shell.words,
                               [](const dockerfile::Word &word) { return word.text == "pipefail"_L1; }) ||
           std::ranges::any_of(
               shell.words, [](const dockerfile::Word &word) { return word.text.endsWith("o pipefail"_L1); });
}

static void checkPipe(const CheckedLine &line, qsizetype index, Findings &findings)
{
    const qsizetype begin = line.instruction.range.begin;
    findings.add(index, u"DL4006"_s, *line.facts.pipe,
                 tr("If a command before the last one of a pipe fails, the build goes on"),
                 {{tr("Set a SHELL with pipefail above"),
                   {{begin, begin, u"SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n"_s}}}},
                 tr("The shell must know pipefail: bash does, and Alpine's ash."));
}

static void checkWorkdir(const Instruction &workdir, qsizetype line, Findings &findings)
{
    const dockerfile::Word &path = workdir.words.first();
    if (!path.text.startsWith(u'/') && !path.text.startsWith(u'$') && !path.text.startsWith(u'"'))
        findings.add(line, u"DL3000"_s, path.range,
                     tr("Where \"%1\" is depends on lines above; write the path from / on").arg(path.text));
}

static void reportLists(const CheckedLine &line, qsizetype index, Findings &findings)
{
    const Instruction &run = line.instruction;
    QList<Fix> fixes;
    if (!run.isJson() && run.heredocs.isEmpty())
        fixes.append({tr("Remove them in the same RUN"),
                      {{run.words.first().range.end, run.words.first().range.end,
                        u" && rm -rf /var/lib/apt/lists/*"_s}}});
    findings.add(index, u"DL3009"_s, *line.facts.aptUpdate,
                 tr("The lists that this fetches stay in the layer"), fixes);
}

static void checkDestination(const Instruction &copy, qsizetype line, Findings &findings)
{
    const dockerfile::Word &destination = copy.words.last();
    const QString &text = destination.text;
    if (text.startsWith(u'/') || text.startsWith(u'$') || text.startsWith(u'"') || text.startsWith(u'\''))
        return;
    QList<Fix> fixes;
    if (!text.startsWith(u'.') && !copy.isJson())
        fixes.append(
            {tr("Write /%1").arg(text), {{destination.range.begin, destination.range.begin, u"/"_s}}});
    findings.add(line, u"DL3045"_s, destination.range,
                 tr("Where \"%1\" is depends on the base image: no WORKDIR is set").arg(text), fixes);
}

static void checkSource(const Instruction &copy, qsizetype line, const QSet<QString> &earlier, int stageCount,
                        Findings &findings)
{
    const auto flag = std::ranges::find(copy.flags, u"from"_s, &dockerfile::Flag::name);
    if (flag == copy.flags.end() || !flag->value)
        return;
    bool isNumber = false;
    const int index = flag->value->toInt(&isNumber);
    if ((isNumber && index >= 0 && index < stageCount) || flag->value->contains(u':') ||
        flag->value->contains(u'@') || earlier.contains(flag->value->toLower()))
        return;
    findings.add(line, u"DL3022"_s, flag->range,
                 tr("\"%1\" is no stage above; it is fetched as an image").arg(*flag->value));
}

static void checkRun(const CheckFile &file, qsizetype line, qsizetype runBefore, bool stays,
                     bool pipesAreSafe, Findings &findings)
{
    const CheckedLine &checked = *file.lines[line];
    if (checked.facts.pipe && !pipesAreSafe)
        checkPipe(checked, line, findings);
    if (checked.facts.aptUpdate && stays)
        reportLists(checked, line, findings);
    if (runBefore >= 0 && couldBeOne(*file.lines[runBefore], checked))
        findings.add(line, u"DL3059"_s, checked.instruction.keywordRange,
                     tr("Each RUN makes a layer; join this one to the one above with &&"));
}

/// `stays`: the stage's layers are part of an image, or of a stage that continues it.
static StageStyle checkStage(const CheckFile &file, int index, StageStyle style, bool stays,
                             const QSet<QString> &earlier, Findings &findings)
{
    qsizetype runBefore = -1;
    for (const qsizetype line : file.stages[index].body) {
        const Instruction &instruction = file.instruction(line);
        switch (instruction.keyword) {
        case Keyword::Workdir:
            checkWorkdir(instruction, line, findings);
            style.workdirSet = true;
            break;
        case Keyword::Shell:
            style.pipesAreSafe = isPipeSafe(instruction);
            break;
        case Keyword::Copy:
            if (!style.workdirSet)
                checkDestination(instruction, line, findings);
            checkSource(instruction, line, earlier, index, findings);
            break;
        case Keyword::Run:
            checkRun(file, line, runBefore, stays, style.pipesAreSafe, findings);
            break;
        default:
            break;
        }
        runBefore = instruction.keyword == Keyword::Run ? line : -1;
    }
    return style;
}

void checkStageStyle(const CheckFile &file, Findings &findings)
{
    QSet<int> continued;
    for (const CheckedStage &stage : file.stages)
        continued.insert(stage.base);
    QList<StageStyle> styles;
    QSet<QString> earlier;
    for (int i = 0; i < file.stages.size(); ++i) {
        const CheckedStage &stage = file.stages[i];
        const bool stays = i + 1 == file.stages.size() || continued.contains(i);
        checkUser(file, stage, findings);
        const StageStyle before = stage.base >= 0 ? styles[stage.base] : StageStyle();
        styles.append(checkStage(file, i, before, stays, earlier, findings));
        if (!stage.name.isEmpty())
            earlier.insert(stage.name);
    }
}

} // namespace cooperage::checks
